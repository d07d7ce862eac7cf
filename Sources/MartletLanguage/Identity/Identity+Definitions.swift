import MartletColumns

// What counts as meaning: everything that can change a value. Layout, comments, the order of columns
// and features, owners, descriptions, tags and schedules do not; the names of `let`s do not either.
// The order of a service does: a model reads its columns by position.

extension Identity {
  static func of(entity name: String, _ keys: [Field]) -> Identity {
    var text = MeaningText("entity")
    text.add(name)
    text.add(Int64(keys.count))
    for key in keys { text.add(key) }
    return text.identity
  }

  /// All of a source.
  static func of(_ source: Source) -> Identity {
    var text = MeaningText("source")
    text.add(ofRows(source))
    text.add(source.retain)
    text.add(Int64(source.columns.count))
    for column in source.columns.sorted(by: { $0.name < $1.name }) { text.add(column) }
    text.add(source.labels.sorted())
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
    text.add(source.id.sorted())
    text.add(source.zone) { $0.add($1) }
    text.add(source.deletedWhen) { $0.add($1, locals: [:]) }
    let drops = source.expectations.filter { $0.reaction == .drop }.map { expectation in
      var part = MeaningText("expect")
      part.add(expectation.condition, locals: [:])
      return part.identity
    }
    for drop in drops.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
      text.add(drop)
    }
    return text.identity
  }

  /// The identity of `set`, and of each of its features, which it enters.
  static func of(_ set: inout FeatureSet, source: Source?) -> Identity {
    let locals = identities(of: set.locals)
    var base = MeaningText("rows of a set")
    base.add(set.name)
    base.add(set.entity) { $0.add($1) }
    base.add(source.map { ofRows($0) }) { $0.add($1) }
    if case .stored(let stored) = set.kind {
      base.add(stored.keyColumns)
      base.add(stored.filter) { $0.add($1, locals: locals) }
    }
    base.add(set.keep)
    let shared = base.identity
    for index in set.features.indices {
      var text = MeaningText("feature")
      text.add(shared)
      text.add(set.features[index], locals, set.given)
      set.features[index].identity = text.identity
    }
    var all = MeaningText("features")
    all.add(set.name)
    all.add(Int64(set.given.count))
    for field in set.given.sorted(by: { $0.name < $1.name }) { all.add(field) }
    for feature in set.features.sorted(by: { $0.name < $1.name }) { all.add(feature.identity) }
    return all.identity
  }

  /// What each `let` means; each leans on those before it.
  fileprivate static func identities(of locals: [FeatureSet.Local]) -> [String: Identity] {
    var identities: [String: Identity] = [:]
    for local in locals {
      var text = MeaningText("let")
      text.add(local.value, locals: identities)
      identities[local.name] = text.identity
    }
    return identities
  }

  static func of(_ service: Service) -> Identity {
    var text = MeaningText("service")
    text.add(service.name)
    text.add(Int64(service.items.count))
    for item in service.items {
      text.add(item.output)
      text.add(item.set)
      text.add(item.feature)
      text.add(item.type.description)
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
        }
      }
    }
    return text.identity
  }
}

extension MeaningText {
  fileprivate mutating func add(
    _ feature: Feature, _ locals: [String: Identity], _ given: [Field]
  ) {
    add(feature.name)
    switch feature.computation {
    case .value(let expression):
      add("value")
      add(expression, locals: locals)
    case .aggregate(let call, let window):
      add("aggregate")
      add(call.function.rawValue)
      add(call.value) { $0.add($1, locals: locals) }
      add(call.filter) { $0.add($1, locals: locals) }
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
}

/// What the expressions of one feature set mean, wherever its `let`s are defined and whatever they
/// are called.
public struct Meanings {
  private let locals: [String: Identity]

  /// The meanings of expressions that may use `locals`.
  public init(of locals: [FeatureSet.Local]) { self.locals = Identity.identities(of: locals) }

  /// What `expression` means.
  public subscript(expression: Expression) -> Identity {
    var text = MeaningText("value")
    text.add(expression, locals: locals)
    return text.identity
  }
}
