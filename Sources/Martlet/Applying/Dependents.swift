import MartletLanguage
import MartletRegistry

/// Which definitions lean on which.
///
///     entity ──▶ set ──▶ feature ──▶ feature of a computed set ──▶ service
///     source ──▶ set
struct Dependents {
  typealias Name = DefinitionsSnapshot.Name

  private var users: [Name: [Name]] = [:]

  /// Those among `definitions`.
  init(of definitions: Definitions) {
    for set in definitions.featureSets { add(set) }
    for service in definitions.services {
      let name = Name(kind: .service, name: service.name)
      for item in service.items {
        add(name, leansOn: .feature(item.set, item.feature))
        for case .feature(let set, let feature) in item.keys {
          add(name, leansOn: .feature(set, feature))
        }
      }
    }
  }

  /// All that lean on `name`, some by way of others. O(what leans on it).
  func all(of name: Name) -> Set<Name> {
    var found: Set<Name> = []
    var pending = [name]
    while let next = pending.popLast() {
      for user in users[next] ?? [] where found.insert(user).inserted { pending.append(user) }
    }
    return found
  }

  private mutating func add(_ user: Name, leansOn name: Name) {
    users[name, default: []].append(user)
  }

  private mutating func add(_ set: FeatureSet) {
    let name = Name(kind: .features, name: set.name)
    if let entity = set.entity { add(name, leansOn: Name(kind: .entity, name: entity)) }
    if case .stored(let stored) = set.kind {
      add(name, leansOn: Name(kind: .source, name: stored.source))
    }
    // A `let` stands for what it reads, itself or by way of those before it.
    var readByLocals: [String: Set<Name>] = [:]
    for local in set.locals { readByLocals[local.name] = local.value.read(readByLocals) }
    for feature in set.features {
      let own = Name.feature(set.name, feature.name)
      add(own, leansOn: name)
      for expression in feature.computation.expressions {
        for other in expression.read(readByLocals) where other != own { add(own, leansOn: other) }
      }
    }
  }
}

extension DefinitionsSnapshot.Name {
  /// The feature called `name` of `set`.
  static func feature(_ set: String, _ name: String) -> Self {
    Self(kind: .feature, name: "\(set).\(name)")
  }
}

extension Expression {
  /// The features that it reads, where `locals` says what its `let`s do.
  fileprivate func read(
    _ locals: [String: Set<DefinitionsSnapshot.Name>]
  ) -> Set<DefinitionsSnapshot.Name> {
    switch kind {
    case .feature(let set, let name): [.feature(set, name)]
    case .local(let name): locals[name] ?? []
    case .call(_, let operands): operands.reduce(into: []) { $0.formUnion($1.read(locals)) }
    case .literal, .column, .given: []
    }
  }
}
