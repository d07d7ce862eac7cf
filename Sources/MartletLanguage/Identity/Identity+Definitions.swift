import MartletColumns

// What counts as meaning: everything that can change a value, in the definition itself and in whatever
// it leans on. Layout, comments, the order of columns and features, owners, descriptions, tags and
// schedules do not; how values are cut into `let`s and what these are called does not either. The order
// of a service does: a model reads its columns by position.

extension Identity {
  static func of(entity name: String, _ keys: [Field]) -> Identity {
    var text = MeaningText("entity")
    text.add(name)
    text.add(keys)
    return text.identity
  }

  /// All of a source.
  static func of(_ source: Source) -> Identity {
    var text = MeaningText("source")
    text.add(ofRows(source))
    text.add(source.retain)
    text.add(source.columns.sorted { $0.name < $1.name })
    text.add(source.labels.sorted())
    text.add(source.expectations.identities)
    return text.identity
  }

  /// Which rows a source has and when each is visible: what every feature of it leans on, while a
  /// column that it does not use may come and go.
  public static func ofRows(_ source: Source) -> Identity {
    var text = MeaningText("rows")
    text.add(source.name)
    text.add(source.kind.rawValue)
    switch source.origin {
    case .pushes: text.add("pushes")
    case .files(let paths, let table):
      text.add("files")
      text.add(paths.sorted())
      text.add(table) { $0.add($1) }
    }
    text.add(source.at)
    switch source.known {
    case nil: text.add("at once")
    case .column(let name):
      text.add("column")
      text.add(name)
    case .after(let length):
      text.add("after")
      text.add(length)
    }
    text.add(
      source.id.sorted().map { name in
        Field(name, source.columns.first { $0.name == name }?.type ?? .time)
      })
    text.add(source.zone) { $0.add($1) }
    text.add(source.deletedWhen) { $0.add(Meanings().meaning(of: $1)) }
    text.add(source.expectations.filter { $0.reaction == .drop }.identities)
    return text.identity
  }

  /// The identity of `set`, and of each of its features, which it enters. A feature that is read in
  /// passing means what `read` says.
  static func of(
    _ set: inout FeatureSet, of entity: Entity?, from source: Source?,
    reading read: (_ set: String, _ feature: String) -> Identity?
  ) -> Identity {
    var base = MeaningText("rows of a set")
    base.add(set.name)
    base.add(set.entity) { $0.add($1) }
    base.add((entity?.keys ?? []).map(\.type.description))
    base.add(source.map { ofRows($0) }) { $0.add($1) }
    if case .stored(let stored) = set.kind {
      base.add(stored.keyColumns)
      base.add(stored.filter) { $0.add(Meanings(of: set.locals).meaning(of: $1)) }
    }
    base.add(set.keep)
    enterIdentities(of: &set, sharing: base.identity, reading: read)
    var all = MeaningText("features")
    all.add(set.name)
    all.add(set.given.sorted { $0.name < $1.name })
    all.add(set.features.sorted { $0.name < $1.name }.map(\.identity))
    return all.identity
  }

  /// Works the identities of features out in their order. A `let` may use the features above it, so it
  /// waits until one that uses it comes.
  private static func enterIdentities(
    of set: inout FeatureSet, sharing shared: Identity,
    reading read: (_ set: String, _ feature: String) -> Identity?
  ) {
    var meanings = Meanings()
    var positions: [String: Int] = [:]
    for (position, local) in set.locals.enumerated() { positions[local.name] = position }
    var nextLocal = 0
    func learnFeatures(of expression: Expression) {
      for (other, feature) in expression.readFeatures where other != set.name {
        if let identity = read(other, feature) { meanings.define(other, feature, as: identity) }
      }
    }
    for index in set.features.indices {
      let expressions = set.features[index].computation.expressions
      var used: Set<String> = []
      for expression in expressions { expression.collectLocals(into: &used) }
      let last = used.compactMap { positions[$0] }.max() ?? -1
      while nextLocal <= last {
        learnFeatures(of: set.locals[nextLocal].value)
        meanings.define(set.locals[nextLocal])
        nextLocal += 1
      }
      for expression in expressions { learnFeatures(of: expression) }
      var text = MeaningText("feature")
      text.add(shared)
      text.add(set.features[index], meanings)
      set.features[index].identity = text.identity
      if case .computed = set.kind {
        meanings.define(set.name, set.features[index].name, as: text.identity)
      }
    }
  }

  /// The identity of `service`, whose features mean what `read` says.
  static func of(
    _ service: Service, reading read: (_ set: String, _ feature: String) -> Identity?
  ) -> Identity {
    var text = MeaningText("service")
    text.add(service.name)
    text.add(service.keys)
    text.add(service.given)
    text.add(Int64(service.items.count))
    for item in service.items {
      text.add(item.output)
      text.add(item.set)
      text.add(item.feature)
      text.add(item.type.description)
      text.add(read(item.set, item.feature)) { $0.add($1) }
      text.add(Int64(item.keys.count))
      for key in item.keys {
        switch key {
        case .caller(let name):
          text.add("caller")
          text.add(name)
        case .feature(let set, let name):
          text.add("feature")
          text.add(set)
          text.add(name)
          text.add(read(set, name)) { $0.add($1) }
        }
      }
    }
    return text.identity
  }
}

extension MeaningText {
  mutating func add(_ feature: Feature, _ meanings: Meanings) {
    add(feature.name)
    add(feature.computation, meanings)
  }

  mutating func add(_ computation: Feature.Computation, _ meanings: Meanings) {
    switch computation {
    case .value(let expression):
      add("value")
      add(meanings.meaning(of: expression))
    case .aggregate(let call, let window):
      add("aggregate")
      add(call.function.rawValue)
      add(call.value) { $0.add(meanings.meaning(of: $1)) }
      add(call.filter) { $0.add(meanings.meaning(of: $1)) }
      switch call.parameter {
      case nil: add("none")
      case .count(let count): add(Int64(count))
      case .fraction(let fraction): add(Value.double(fraction))
      case .halfLife(let length): add(length)
      }
      add(window.length)
      add(window.step)
    }
  }

  mutating func add(_ fields: [Field]) {
    add(Int64(fields.count))
    for field in fields { add(field) }
  }

  mutating func add(_ identities: [Identity]) {
    add(Int64(identities.count))
    for identity in identities { add(identity) }
  }
}

extension [Source.Expectation] {
  /// What each expects and does, in an order that does not depend on theirs.
  fileprivate var identities: [Identity] {
    map { expectation in
      var part = MeaningText("expect")
      part.add(expectation.reaction.rawValue)
      part.add(Meanings().meaning(of: expectation.condition))
      return part.identity
    }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }
}

extension Feature.Computation {
  /// The expressions that it is made of.
  public var expressions: [Expression] {
    switch self {
    case .value(let expression): [expression]
    case .aggregate(let call, _): [call.value, call.filter].compactMap { $0 }
    }
  }
}
