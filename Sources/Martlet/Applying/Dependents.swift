import MartletLanguage
import MartletRegistry

/// Which definitions lean on which: their lineage, but for columns and files.
struct Dependents {
  typealias Name = DefinitionsSnapshot.Name

  private var users: [Name: [Name]] = [:]

  /// Those among `definitions`.
  init(of definitions: Definitions) {
    for edge in LineageEdge.all(of: definitions) {
      guard let user = Name(edge.user), let name = Name(edge.uses) else { continue }
      users[name, default: []].append(user)
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
}

extension DefinitionsSnapshot.Name {
  /// The definition that `node` is; `nil` of what is not defined by itself.
  fileprivate init?(_ node: LineageNode) {
    guard let kind = DefinitionsSnapshot.Kind(rawValue: node.kind.rawValue) else { return nil }
    self.init(kind: kind, name: node.name)
  }
}
