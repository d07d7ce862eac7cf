import MartletColumns
import MartletDiagnostics

extension Checker {
  /// The feature set called `name`, checked now if it has not been; `nil` where it cannot be used.
  @discardableResult
  mutating func checkSet(_ name: String, askedAt place: TextRange? = nil) -> KnownSet? {
    guard let known = sets[name] else { return nil }
    if known.isChecked { return known }
    if underway.contains(name) {
      report(.cycle(place ?? known.name.range, underway.drop { $0 != name } + [name]))
      return nil
    }
    guard underway.count < 100 else {
      report(.tooDeep(place ?? known.name.range))
      return nil
    }
    underway.append(name)
    let errorCount = errorCount
    checkBody(of: name, known.declaration)
    underway.removeLast()
    sets[name]?.isChecked = true
    if brokenFiles.contains(known.name.range.file) || self.errorCount > errorCount {
      sets[name]?.isBroken = true
    }
    return sets[name]
  }

  private mutating func checkBody(of name: String, _ declaration: Declaration) {
    let errorCount = errorCount
    var set = FeatureSet(
      name: name, kind: .computed, given: [], locals: [], features: [],
      description: description(of: declaration), identity: Identity(bytes: []))
    if let entity = declaration.head.entity { set.entity = self.entity(entity)?.name }
    if declaration.head.source != nil {
      guard var scope = storedHead(of: declaration, &set) else {
        sets[name]?.isBroken = true
        return
      }
      scope.owner = declaration.head.source?.text ?? name
      checkStatements(of: declaration, &set, &scope)
    } else {
      var scope = Scope(.question, of: name)
      computedHead(of: declaration, &set, &scope)
      checkStatements(of: declaration, &set, &scope)
      // Where something was refused, what it would have used is not known.
      if self.errorCount == errorCount, !isBroken(declaration) {
        for parameter in declaration.head.parameters
        where !scope.used.contains(parameter.name.text) {
          report(.unusedGiven(parameter.name))
        }
      }
    }
    if set.features.isEmpty, let body = declaration.body, !brokenFiles.contains(body.opening.file),
      !body.statements.contains(where: { if case .feature = $0.kind { true } else { false } })
    {
      report(.noFeatures(declaration.name?.range ?? declaration.keyword, name))
    }
    let entity = set.entity.flatMap { entities[$0]?.meaning }
    set.identity = Identity.of(
      &set, of: entity, from: source(of: set), reading: { identity(of: $1, in: $0) })
    sets[name]?.meaning = set
  }

  /// Whether something in the file of `declaration` could not be read.
  private func isBroken(_ declaration: Declaration) -> Bool {
    brokenFiles.contains(declaration.keyword.file)
  }

  private func source(of set: FeatureSet) -> Source? {
    if case .stored(let stored) = set.kind { sources[stored.source]?.meaning } else { nil }
  }

  /// What the feature of a set that has been checked means.
  func identity(of feature: String, in set: String) -> Identity? {
    guard let known = sets[set], let position = known.features[feature]?.position else {
      return nil
    }
    return known.meaning?.features[position].identity
  }

  private mutating func entity(_ name: Name) -> Entity? {
    guard let known = entities[name.text] else {
      report(.unknownEntity(name, near: near(name.text, entities.keys)))
      return nil
    }
    usedEntities.insert(name.text)
    index.refer(name.range, to: known.symbol)
    return known.meaning
  }

  // MARK: Heads

  private mutating func storedHead(
    of declaration: Declaration, _ set: inout FeatureSet
  ) -> Scope? {
    let head = declaration.head
    guard let sourceName = head.source else { return nil }
    guard let known = sources[sourceName.text], var scope = rowScopes[sourceName.text],
      let source = known.meaning
    else {
      if sets[sourceName.text] != nil {
        report(.fromFeatures(sourceName))
      } else {
        report(.unknownSource(sourceName, near: near(sourceName.text, sources.keys)))
      }
      return nil
    }
    usedSources.insert(sourceName.text)
    index.refer(sourceName.range, to: known.symbol)
    if let given = head.parametersRange { report(.givenWithSource(given, sourceName.text)) }
    guard let entityName = head.entity else {
      report(.missingEntity(sourceName.range, declaration.name?.text ?? ""))
      return nil
    }
    guard let entity = entities[entityName.text]?.meaning else { return nil }
    let columns = keyColumns(of: entity, head, source, sourceName, &scope)
    set.kind = .stored(
      FeatureSet.Stored(
        source: source.name, sourceKind: source.kind, keyColumns: columns, filter: nil))
    return scope
  }

  private mutating func keyColumns(
    of entity: Entity, _ head: Declaration.Head, _ source: Source, _ sourceName: Name,
    _ scope: inout Scope
  ) -> [String] {
    if !head.keyColumns.isEmpty, head.keyColumns.count != entity.keys.count {
      report(
        .keyCount(
          head.keyColumns[0].range.through(head.keyColumns[head.keyColumns.count - 1].range), entity
        ))
      return []
    }
    var columns: [String] = []
    for (position, key) in entity.keys.enumerated() {
      let written = head.keyColumns.isEmpty ? nil : head.keyColumns[position]
      let name = written?.text ?? key.name
      guard let entry = scope.use(name) else {
        if scope.refused.contains(name) {
          if let reader = underway.last { sets[reader]?.isBroken = true }
        } else if let written {
          reportUnknown(written, scope)
        } else if !brokenFiles.contains(entity.description.text.file) {
          let near = near(name, source.columns.lazy.filter { $0.type == key.type }.map(\.name))
          report(.missingKey(sourceName, key, entity, near: near))
        }
        continue
      }
      if let written { index.refer(written.range, to: entry.symbol) }
      if entry.type != key.type {
        report(
          .keyType(
            written?.range ?? sourceName.range, name, entry.type, key, of: entity.name,
            index.symbols[entry.symbol].definition))
      }
      columns.append(name)
    }
    return columns
  }

  private mutating func computedHead(
    of declaration: Declaration, _ set: inout FeatureSet, _ scope: inout Scope
  ) {
    for parameter in declaration.head.parameters {
      guard let type = columnType(parameter.type) else {
        scope.refuse(parameter.name.text)
        continue
      }
      if set.given.contains(where: { $0.name == parameter.name.text }) {
        report(.duplicateColumn(parameter.name, of: set.name, nil))
        continue
      }
      set.given.append(Field(parameter.name.text, type))
      let symbol = index.define(.given, parameter.name, type: type.description)
      scope.add(
        parameter.name.text,
        Scope.Entry(kind: .given(parameter.name.text), type: type, canBeNull: true, symbol: symbol))
    }
  }

  // MARK: Statements

  private mutating func checkStatements(
    of declaration: Declaration, _ set: inout FeatureSet, _ scope: inout Scope
  ) {
    let errorCount = errorCount
    var seen = Seen()
    var locals: [Name] = []
    var filters: [Expression] = []
    let columns = Set(scope.names)
    for statement in declaration.body?.statements ?? [] {
      seen.note(statement, &self)
      switch statement.kind {
      case .where(let syntax):
        if let filter = filter(syntax, statement.range, of: set, &scope) { filters.append(filter) }
      case .let(let name, let syntax):
        locals.append(name)
        define(name, syntax, &set, &scope, columns)
      case .feature(let feature): check(feature, &set, &scope)
      case .keep(let length):
        if case .stored(let stored) = set.kind, stored.sourceKind == .states {
          set.keep = positive(length)
        } else {
          report(.keepOfEvents(statement.range))
        }
      case .every(let length): set.schedule = positive(length).map { .every($0) }
      case .cron(let line, let zone): set.schedule = cron(line, zone)
      case .fresh(let length): set.fresh = positive(length)
      case .onNewData: set.isWatched = true
      case .on(let events):
        if let event = events.first { report(.unknownEvent(event.name, of: .features)) }
      default: break
      }
    }
    choose(filters, in: &set)
    if self.errorCount == errorCount, !isBroken(declaration) {
      for name in locals
      where !scope.used.contains(name.text) && !scope.refused.contains(name.text) {
        report(.unusedLet(name))
      }
    }
    checkSchedule(of: set, seen)
  }

  private mutating func filter(
    _ syntax: ExpressionSyntax, _ range: TextRange, of set: FeatureSet, _ scope: inout Scope
  ) -> Expression? {
    guard case .stored = set.kind else {
      report(.whereWithoutRows(range))
      return nil
    }
    guard let condition = condition(syntax, &scope, "where") else { return nil }
    for column in condition.columnsKnownNotNull { scope.excludeNull(of: column) }
    return condition
  }

  /// Several conditions must all hold; side by side, so that a thousand are not a tower.
  private func choose(_ filters: [Expression], in set: inout FeatureSet) {
    guard case .stored(var stored) = set.kind, let first = filters.first else { return }
    let canBeNull = filters.contains(where: \.canBeNull)
    stored.filter =
      filters.count == 1 ? first : .call(.and, filters, .bool, canBeNull: canBeNull)
    set.kind = .stored(stored)
  }

  private mutating func define(
    _ name: Name, _ syntax: ExpressionSyntax, _ set: inout FeatureSet, _ scope: inout Scope,
    _ columns: Set<String>
  ) {
    scope.labelRead = nil
    let value = expression(syntax, &scope)
    let symbol = index.define(.local, name, type: value?.type.description)
    if let earlier = scope.entries[name.text] {
      let definition = index.symbols[earlier.symbol].definition
      report(
        columns.contains(name.text)
          ? .shadowed(name, definition) : .duplicateColumn(name, of: set.name, definition))
      return
    }
    guard let value else {
      scope.refuse(name.text)
      return
    }
    set.locals.append(FeatureSet.Local(name: name.text, value: value))
    scope.add(
      name.text,
      Scope.Entry(
        kind: .local(name.text), type: value.type, canBeNull: value.canBeNull, symbol: symbol,
        label: scope.labelRead))
  }
}
