public import MartletRegistry

/// The part of the lineage that one thing leads to: what it is made from, what is made from it.
public struct LineageView: Sendable {
  /// The thing.
  public let root: LineageNode

  /// What each thing is made from, and what is made from it; only what the root leads to.
  public private(set) var parents: [LineageNode: [LineageNode]] = [:]
  public private(set) var children: [LineageNode: [LineageNode]] = [:]

  /// What is to be said of some things: when a set was read, what a training set was built from.
  public private(set) var notes: [LineageNode: String] = [:]

  /// What is called `name` in version `version` of the definitions, or is a file that was read, or a
  /// `run:7` or `training-set:3`; `nil` where nothing is.
  public init?(of name: String, in version: Int, _ registry: Registry) throws(RegistryError) {
    var edges = try registry.lineage(of: version)
    let sets = try registry.trainingSets()
    for set in sets {
      let node = LineageNode(.trainingSet, "\(set.number)")
      edges.insert(LineageEdge(node, uses: LineageNode(.service, set.service)))
      notes[node] =
        "\(set.path), \(set.rowCount) rows, definitions \(set.version), data \(set.data)"
    }
    guard let root = try Self.root(name, &edges, sets, registry) else { return nil }
    self.root = root
    for edge in edges {
      parents[edge.user, default: []].append(edge.uses)
      children[edge.uses, default: []].append(edge.user)
    }
    parents = Self.reached(from: root, by: parents)
    children = Self.reached(from: root, by: children)
    for node in Set(parents.keys).union(parents.values.joined()).union(children.values.joined())
    where node.kind == .features {
      if let read = try registry.lastRead(of: node.name) {
        notes[node] = "last read \(read.at), run \(read.run)"
      }
    }
  }

  /// Finds what `name` means, and adds the edges of files, runs and training sets, which are asked for too
  /// rarely to be in every view.
  private static func root(
    _ name: String, _ edges: inout Set<LineageEdge>, _ sets: [TrainingSetRecord],
    _ registry: Registry
  ) throws(RegistryError) -> LineageNode? {
    for edge in edges {
      if edge.user.name == name, edge.user.kind != .trainingSet { return edge.user }
      if edge.uses.name == name, edge.uses.kind != .trainingSet { return edge.uses }
    }
    let parts = name.split(separator: ":", maxSplits: 1)
    if parts.count == 2, let number = Int(parts[1]) {
      switch parts[0] {
      case "training-set":
        guard let set = sets.first(where: { $0.number == number }) else { return nil }
        let node = LineageNode(.trainingSet, "\(number)")
        for member in set.sets {
          edges.insert(LineageEdge(node, uses: LineageNode(.features, member.name)))
        }
        if !set.spine.isEmpty {
          edges.insert(LineageEdge(node, uses: LineageNode(.file, set.spine)))
        }
        return node
      case "run":
        guard let run = try registry.runs().first(where: { $0.number == number }) else {
          return nil
        }
        let node = LineageNode(.run, "\(number)")
        for path in try registry.filesRead(by: number) {
          edges.insert(LineageEdge(node, uses: LineageNode(.file, path)))
        }
        for set in run.subject.split(separator: ",") {
          edges.insert(LineageEdge(LineageNode(.features, String(set)), uses: node))
        }
        return node
      default: return nil
      }
    }
    let readers = try registry.readers(of: name)
    guard !readers.isEmpty else { return nil }
    // What a file reaches is what has its rows, and not all that reads files of its kind.
    edges = []
    let file = LineageNode(.file, name)
    for reader in readers {
      let set = LineageNode(.features, reader.set)
      edges.insert(LineageEdge(LineageNode(.run, "\(reader.run)"), uses: file))
      edges.insert(LineageEdge(set, uses: LineageNode(.run, "\(reader.run)")))
    }
    for number in try registry.trainingSets(withRowsOf: name) {
      let node = LineageNode(.trainingSet, "\(number)")
      for set in sets.first(where: { $0.number == number })?.sets ?? []
      where readers.contains(where: { $0.set == set.name }) {
        edges.insert(LineageEdge(node, uses: LineageNode(.features, set.name)))
      }
    }
    return file
  }

  /// The part of `edges` that `root` leads to, in order.
  private static func reached(
    from root: LineageNode, by edges: [LineageNode: [LineageNode]]
  ) -> [LineageNode: [LineageNode]] {
    var found: [LineageNode: [LineageNode]] = [:]
    var pending = [root]
    while let node = pending.popLast() {
      guard found[node] == nil, let next = edges[node]?.sorted() else { continue }
      found[node] = next
      pending += next
    }
    return found
  }

  /// Everything in one direction, in order, without the root.
  public func all(_ direction: LineageDirection) -> [LineageNode] {
    let edges = direction == .up ? parents : children
    return Set(edges.values.joined()).sorted()
  }
}
