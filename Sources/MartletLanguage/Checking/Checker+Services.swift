import MartletColumns
import MartletDiagnostics

extension Checker {
  mutating func checkService(_ declaration: Declaration) {
    guard let name = declaration.name, services[name.text] == name else { return }
    var draft = ServiceDraft(
      service: Service(
        name: name.text, items: [], keys: [], given: [],
        description: description(of: declaration), identity: Identity(bytes: [])))
    var seen = Seen()
    var itemCount = 0
    let findingCount = findingCount
    for statement in declaration.body?.statements ?? [] {
      seen.note(statement, &self)
      switch statement.kind {
      case .item(let item):
        itemCount += 1
        check(item, &draft)
      case .fresh(let length): draft.service.fresh = positive(length)
      case .broken: itemCount += 1
      default: break
      }
    }
    if itemCount == 0, declaration.body != nil { report(.emptyService(name)) }
    if self.findingCount == findingCount { checkFreshness(draft.service, seen.range(.fresh)) }
    draft.service.identity = Identity.of(
      draft.service, reading: { identity(of: $1, in: $0) })
    definitions.services.append(draft.service)
  }

  /// A service while it is put together, with the place of each name for findings.
  private struct ServiceDraft {
    var service: Service
    var outputs: [String: TextRange] = [:]
    var inputs: [String: (type: ColumnType, place: TextRange)] = [:]

    /// The sets whose inputs have been gathered.
    var visited: Set<String> = []
  }

  private mutating func check(_ item: ServiceItemSyntax, _ draft: inout ServiceDraft) {
    let features: [(feature: Feature, label: TextRange?)]
    if let name = item.feature {
      if !item.except.isEmpty { report(.exceptWithoutStar(item.except[0].range)) }
      guard let found = feature(name, of: item.set) else { return }
      features = [found]
    } else {
      features = all(of: item)
    }
    guard let set = sets[item.set.text]?.meaning else { return }
    if let alias = item.alias, alias.hasStar != (item.feature == nil) {
      report(.aliasForm(alias.name.range, item.feature == nil, alias.name.text))
      return
    }
    guard let keys = keys(of: item, set, &draft) else { return }
    for (feature, label) in features {
      if let label, !isKnownInTime(set) {
        report(.labelInService(item.featureRange, feature.name, label))
      }
      let output =
        item.alias.map { $0.hasStar ? $0.name.text + feature.name : $0.name.text }
        ?? "\(set.name)__\(feature.name)"
      if let earlier = draft.outputs.updateValue(item.featureRange, forKey: output) {
        report(.duplicateOutput(item.featureRange, output, earlier))
        continue
      }
      draft.service.items.append(
        Service.Item(
          output: output, set: set.name, feature: feature.name, type: feature.type, keys: keys))
    }
  }

  /// Whether the source of `set` says when its rows became known: then a label is seen only once it
  /// was there to be seen.
  private func isKnownInTime(_ set: FeatureSet) -> Bool {
    guard case .stored(let stored) = set.kind else { return false }
    return sources[stored.source]?.meaning?.known != nil
  }

  /// The features that `set.* except …` names.
  private mutating func all(
    of item: ServiceItemSyntax
  ) -> [(feature: Feature, label: TextRange?)] {
    guard sets[item.set.text] != nil else {
      report(
        .unknownSet(
          item.set, isSource: sources[item.set.text] != nil, near: near(item.set.text, sets.keys)))
      return []
    }
    guard let known = checkSet(item.set.text, askedAt: item.set.range), let set = known.meaning
    else { return [] }
    index.refer(item.set.range, to: known.symbol)
    var excluded: Set<String> = []
    for name in item.except {
      let matching = set.features.filter { $0.name == name.text || $0.base == name.text }
      if matching.isEmpty, !known.isBroken {
        report(
          .unknownFeature(
            name, of: set.name, near: near(name.text, known.features.keys), windows: []))
      }
      for feature in matching {
        excluded.insert(feature.name)
        if let symbol = known.features[feature.name]?.symbol { index.refer(name.range, to: symbol) }
      }
    }
    let kept = set.features.filter { !excluded.contains($0.name) }
    if kept.isEmpty, !set.features.isEmpty { report(.nothingLeft(item.featureRange, set.name)) }
    return kept.map { ($0, known.features[$0.name]?.label) }
  }

  // MARK: Keys and given values

  /// What the set's keys are read from, entered among what the caller names.
  private mutating func keys(
    of item: ServiceItemSyntax, _ set: FeatureSet, _ draft: inout ServiceDraft
  ) -> [Service.Key]? {
    guard let entityName = set.entity, let entity = entities[entityName]?.meaning else {
      if let key = item.keys.first { report(.byWithoutEntity(key.range, set.name)) }
      gather(set, item.set.range, &draft)
      return []
    }
    if case .computed = set.kind { gather(set, item.set.range, &draft) }
    if item.keys.isEmpty {
      for key in entity.keys { input(key, item.set.range, &draft, isKey: true) }
      return entity.keys.map { .caller($0.name) }
    }
    guard item.keys.count == entity.keys.count else {
      report(.keyCount(item.keys[0].range.through(item.keys[item.keys.count - 1].range), entity))
      return nil
    }
    var keys: [Service.Key] = []
    for (written, key) in zip(item.keys, entity.keys) {
      guard let holder = written.set else {
        input(Field(written.name.text, key.type), written.range, &draft, isKey: true)
        keys.append(.caller(written.name.text))
        continue
      }
      guard let found = feature(written.name, of: holder) else { return nil }
      guard found.feature.type == key.type else {
        report(
          .keyType(
            written.range, "\(holder.text).\(written.name.text)", found.feature.type, key,
            of: entity.name, found.feature.text))
        return nil
      }
      if let holding = sets[holder.text]?.meaning { gather(holding, written.range, &draft) }
      keys.append(.feature(set: holder.text, name: written.name.text))
    }
    return keys
  }

  /// Enters what `set` needs from the caller, and what the sets need that it reads. A list and no
  /// recursion: sets may lean on each other in a long row.
  private mutating func gather(
    _ set: FeatureSet, _ place: TextRange, _ draft: inout ServiceDraft
  ) {
    var pending = [set.name]
    while let name = pending.popLast() {
      guard draft.visited.insert(name).inserted, let set = sets[name]?.meaning else { continue }
      if let entity = set.entity, let keys = entities[entity]?.meaning?.keys {
        for key in keys { input(key, place, &draft, isKey: true) }
      }
      for field in set.given { input(field, place, &draft, isKey: false) }
      var read: Set<String> = []
      for local in set.locals { local.value.collectSets(into: &read) }
      for feature in set.features {
        if case .value(let value) = feature.computation { value.collectSets(into: &read) }
      }
      pending += read.sorted(by: >)
    }
  }

  private mutating func input(
    _ field: Field, _ place: TextRange, _ draft: inout ServiceDraft, isKey: Bool
  ) {
    if let earlier = draft.inputs[field.name] {
      if earlier.type != field.type {
        report(.inputConflict(place, field, earlier.type, earlier.place))
      }
      return
    }
    draft.inputs[field.name] = (field.type, place)
    if isKey { draft.service.keys.append(field) } else { draft.service.given.append(field) }
  }

  // MARK: Freshness

  private mutating func checkFreshness(_ service: Service, _ place: TextRange?) {
    guard let promise = service.fresh, let place else { return }
    for name in Set(service.items.map(\.set)).sorted() {
      guard let set = sets[name]?.meaning, case .every(let length) = set.schedule, length > promise,
        let declaration = sets[name]?.declaration
      else { continue }
      let every = declaration.body?.statements.first {
        if case .every = $0.kind { true } else { false }
      }
      report(.scheduleTooSlow(every?.range ?? declaration.keyword, length, place, promise))
    }
  }

  // MARK: Unused things

  mutating func reportUnused() {
    guard brokenFiles.isEmpty, errorCount == 0 else { return }
    for source in definitions.sources where !usedSources.contains(source.name) {
      if let name = sources[source.name]?.name { report(.unusedSource(name)) }
    }
    for entity in definitions.entities where !usedEntities.contains(entity.name) {
      if let name = entities[entity.name]?.name { report(.unusedEntity(name)) }
    }
  }
}

extension Expression {
  /// The feature sets that it reads.
  func collectSets(into sets: inout Set<String>) {
    switch kind {
    case .feature(let set, _): sets.insert(set)
    case .call(_, let operands): for operand in operands { operand.collectSets(into: &sets) }
    default: break
    }
  }
}
