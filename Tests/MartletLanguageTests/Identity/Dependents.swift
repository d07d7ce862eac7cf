import MartletLanguage

/// Who leans on what, the slow way: names followed from use to use, and no meaning looked at.
struct Dependents {
  private var users: [MeaningEdit.Origin: Set<MeaningEdit.Origin>] = [:]
  private let definitions: Definitions

  init(_ definitions: Definitions) {
    self.definitions = definitions
    for source in definitions.sources { add(source) }
    for set in definitions.featureSets { add(set) }
    for service in definitions.services {
      for item in service.items {
        add(.service(service.name), uses: .feature(item.set, item.feature))
        for case .feature(let set, let feature) in item.keys {
          add(.service(service.name), uses: .feature(set, feature))
        }
        if let entity = definitions.featureSet(item.set)?.entity {
          add(.service(service.name), uses: .entity(entity))
        }
      }
    }
  }

  /// The definitions whose meaning changes with what stands at `origin`, by kind and name.
  func reached(from origin: MeaningEdit.Origin) -> Set<String> {
    var pending: [MeaningEdit.Origin] = [origin]
    var seen: Set<MeaningEdit.Origin> = []
    var reached: Set<String> = []
    while let origin = pending.popLast() {
      guard seen.insert(origin).inserted else { continue }
      switch origin {
      case .entity(let name): reached.insert("entity \(name)")
      case .source(let name): reached.insert("source \(name)")
      case .feature(let set, let name):
        reached.insert("feature \(set).\(name)")
        reached.insert("features \(set)")
      case .service(let name): reached.insert("service \(name)")
      case .rows(let name): pending.append(.source(name))
      case .column(let source, _): pending.append(.source(source))
      case .given(let set, _): reached.insert("features \(set)")
      case .features(let set, let base):
        for feature in definitions.featureSet(set)?.features ?? [] where feature.base == base {
          pending.append(.feature(set, feature.name))
        }
      case .set(let set):
        for feature in definitions.featureSet(set)?.features ?? [] {
          pending.append(.feature(set, feature.name))
        }
      case .projectZone:
        pending += definitions.sources.filter { $0.zone == definitions.project.zone }
          .map { .rows($0.name) }
      case .projectRetain:
        pending += definitions.sources.filter { $0.retain == definitions.project.retain }
          .map { .source($0.name) }
      case .local, .nothing: break
      }
      pending += users[origin] ?? []
    }
    return reached
  }

  private mutating func add(_ user: MeaningEdit.Origin, uses origin: MeaningEdit.Origin) {
    users[origin, default: []].insert(user)
  }

  private mutating func add(_ source: Source) {
    let dropping = source.expectations.filter { $0.reaction == .drop }.map(\.condition)
    for expression in dropping + [source.deletedWhen].compactMap({ $0 }) {
      for column in expression.names { add(.rows(source.name), uses: .column(source.name, column)) }
    }
    for column in source.id + [source.at] {
      add(.rows(source.name), uses: .column(source.name, column))
    }
    if case .column(let column) = source.known {
      add(.rows(source.name), uses: .column(source.name, column))
    }
  }

  private mutating func add(_ set: FeatureSet) {
    if case .stored(let stored) = set.kind {
      add(.set(set.name), uses: .rows(stored.source))
      for name in (stored.filter?.names ?? []) + stored.keyColumns {
        add(.set(set.name), uses: .local(set.name, name))
        add(.set(set.name), uses: .column(stored.source, name))
      }
    }
    func follow(_ user: MeaningEdit.Origin, _ expression: Expression) {
      for name in expression.names {
        add(user, uses: .local(set.name, name))
        add(user, uses: .given(set.name, name))
        if case .stored(let stored) = set.kind {
          add(user, uses: .column(stored.source, name))
        }
      }
      for (other, feature) in expression.readFeatures {
        add(user, uses: .feature(other, feature))
      }
    }
    for local in set.locals { follow(.local(set.name, local.name), local.value) }
    for feature in set.features {
      for expression in feature.computation.expressions {
        follow(.feature(set.name, feature.name), expression)
      }
    }
  }
}

extension Expression {
  /// The names of columns, `let`s and given values that it uses.
  fileprivate var names: [String] {
    switch kind {
    case .column(let name), .local(let name), .given(let name): [name]
    case .call(_, let operands): operands.flatMap(\.names)
    case .literal, .feature: []
    }
  }
}
