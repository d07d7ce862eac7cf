import MartletColumns
public import MartletLanguage
public import MartletRegistry

/// What is defined, as somebody looks for it who does not know the files.
public struct Catalog: Sendable {
  /// Everything, in the order of kinds and names.
  public private(set) var entries: [Entry] = []

  /// One thing that is defined.
  public struct Entry: Hashable, Sendable {
    /// What it is, and what it is called.
    public var node: LineageNode

    /// What is said of it for people; a feature has what is said of its set, a column of its source.
    public var owner: String?
    public var about: String?
    public var tags: [String]

    /// Its type, of columns and features.
    public var type: String?

    /// What leans on it directly.
    public var users: [LineageNode]

    /// Who would notice if it went: of a set the services and the sets that read one of its features, of
    /// others whatever leans on it.
    public var readers: [String]

    /// Features of other names that mean the same.
    public var twins: [String]

    /// Whether it is a feature or a column that nothing leans on.
    public var isUnused: Bool { users.isEmpty && (node.kind == .feature || node.kind == .column) }
  }

  /// The catalog of `definitions`.
  public init(_ definitions: Definitions) {
    var users: [LineageNode: [LineageNode]] = [:]
    for edge in LineageEdge.all(of: definitions) {
      users[edge.uses, default: []].append(edge.user)
    }
    var namesByMeaning: [Identity: [String]] = [:]
    var meanings: [String: [Identity]] = [:]
    for set in definitions.featureSets {
      let own = Identity.ofFeatures(withoutNames: set, in: definitions)
      meanings[set.name] = own
      for (feature, meaning) in zip(set.features, own) {
        namesByMeaning[meaning, default: []].append("\(set.name).\(feature.name)")
      }
    }
    func add(
      _ node: LineageNode, _ description: Description, type: String? = nil, twins: [String] = []
    ) {
      entries.append(
        Entry(
          node: node, owner: description.owner, about: description.about, tags: description.tags,
          type: type, users: (users[node] ?? []).sorted(), readers: [], twins: twins))
    }
    for entity in definitions.entities {
      add(LineageNode(.entity, entity.name), entity.description)
    }
    for source in definitions.sources {
      add(LineageNode(.source, source.name), source.description)
      for column in source.columns {
        add(.column(source.name, column.name), source.description, type: "\(column.type)")
      }
    }
    for set in definitions.featureSets {
      add(LineageNode(.features, set.name), set.description)
      for (feature, meaning) in zip(set.features, meanings[set.name] ?? []) {
        let name = "\(set.name).\(feature.name)"
        let twins = (namesByMeaning[meaning] ?? []).filter { $0 != name }.sorted()
        add(
          .feature(set.name, feature.name), set.description, type: "\(feature.type)", twins: twins)
      }
    }
    for service in definitions.services {
      add(LineageNode(.service, service.name), service.description)
    }
    entries.sort { $0.node < $1.node }
    for place in entries.indices {
      entries[place].readers = Self.readers(of: entries[place], users)
    }
  }

  /// The thing called `name`, if there is one of `kind`.
  public func entry(_ kind: LineageNode.Kind, _ name: String) -> Entry? {
    let node = LineageNode(kind, name)
    return entries.first { $0.node == node }
  }

  private static func readers(
    of entry: Entry, _ users: [LineageNode: [LineageNode]]
  ) -> [String] {
    guard entry.node.kind == .features else { return entry.users.map(\.name) }
    let own = entry.node.name + "."
    var names: Set<String> = []
    for feature in entry.users where feature.name.hasPrefix(own) {
      for user in users[feature] ?? [] where !user.name.hasPrefix(own) {
        // Another set's feature stands for its set.
        names.insert(user.name.split(separator: ".").first.map(String.init) ?? user.name)
      }
    }
    return names.sorted()
  }

  /// What has all of `words` in its name, its description, its owner or its tags, whatever their case; where
  /// a name has them first.
  public func search(_ words: [String]) -> [Entry] {
    let wanted = words.map { $0.lowercased() }
    var found: [(rank: Int, entry: Entry)] = []
    for entry in entries {
      let name = entry.node.name.lowercased()
      let rest = ([entry.about, entry.owner].compactMap { $0 } + entry.tags)
        .joined(separator: "\n").lowercased()
      guard wanted.allSatisfy({ name.contains($0) || rest.contains($0) }) else { continue }
      // What is said of a set is said of each of its features: they are found by their own names alone.
      let isByName = wanted.isEmpty || wanted.contains { name.contains($0) }
      if !isByName, entry.node.kind == .feature || entry.node.kind == .column { continue }
      let rank = wanted.contains(name) ? 0 : isByName ? 1 : 2
      found.append((rank, entry))
    }
    return found.sorted { ($0.rank, $0.entry.node) < ($1.rank, $1.entry.node) }.map(\.entry)
  }
}
