public import MartletDiagnostics
public import MartletRegistry

extension LineageView {
  /// The tree in one direction, a line for each thing below the root.
  ///
  ///     ├─ column orders.amount
  ///     │  └─ file orders/*.csv
  ///     └─ features spend
  ///
  /// What leads on and was shown before is not shown again.
  public func tree(_ direction: LineageDirection) -> [String] {
    let edges = direction == .up ? parents : children
    var lines: [String] = []
    var shown: Set<LineageNode> = [root]
    // Deepest last; a list of our own, since a chain of things may be as long as anybody writes it.
    var pending = branches(of: root, edges, prefix: "")
    while let branch = pending.popLast() {
      let leadsOn = edges[branch.node] != nil
      let isNew = shown.insert(branch.node).inserted
      var line = branch.prefix + (branch.isLast ? "└─ " : "├─ ")
      line += "\(branch.node.kind.spoken) \(branch.node.name)"
      if let note = notes[branch.node], isNew { line += "  (\(note))" }
      if leadsOn && !isNew { line += "  (see above)" }
      lines.append(line)
      if leadsOn && isNew {
        pending += branches(
          of: branch.node, edges, prefix: branch.prefix + (branch.isLast ? "   " : "│  "))
      }
    }
    return lines
  }

  private struct Branch {
    var node: LineageNode
    var prefix: String
    var isLast: Bool
  }

  private func branches(
    of node: LineageNode, _ edges: [LineageNode: [LineageNode]], prefix: String
  ) -> [Branch] {
    let nodes = edges[node] ?? []
    return nodes.enumerated().reversed().map { place, node in
      Branch(node: node, prefix: prefix, isLast: place == nodes.count - 1)
    }
  }

  /// The edges in `directions`, from what is used to what uses it, in order.
  private func edges(_ directions: [LineageDirection]) -> [(from: LineageNode, to: LineageNode)] {
    var edges: Set<LineageEdge> = []
    if directions.contains(.up) {
      for (user, all) in parents { edges.formUnion(all.map { LineageEdge(user, uses: $0) }) }
    }
    if directions.contains(.down) {
      for (used, all) in children { edges.formUnion(all.map { LineageEdge($0, uses: used) }) }
    }
    return edges.sorted { ($0.uses, $0.user) < ($1.uses, $1.user) }.map { ($0.uses, $0.user) }
  }

  /// The view as Graphviz draws it.
  public func dot(_ directions: [LineageDirection]) -> String {
    var text = "digraph lineage {\n  rankdir=LR; node [shape=box];\n"
    func name(_ node: LineageNode) -> String {
      let spoken = "\(node.kind.spoken)\\n\(node.name)"
      return "\"\(spoken.replacing("\"", with: "\\\""))\""
    }
    text += "  \(name(root)) [style=bold];\n"
    for edge in edges(directions) { text += "  \(name(edge.from)) -> \(name(edge.to));\n" }
    return text + "}"
  }

  /// The view as Mermaid draws it.
  public func mermaid(_ directions: [LineageDirection]) -> String {
    var numbers: [LineageNode: Int] = [:]
    var text = "flowchart LR"
    func number(_ node: LineageNode) -> Int {
      if let number = numbers[node] { return number }
      let label = "\(node.kind.spoken) \(node.name)".replacing("\"", with: "#quot;")
      text += "\n  n\(numbers.count)[\"\(label)\"]"
      numbers[node] = numbers.count
      return numbers.count - 1
    }
    _ = number(root)
    for edge in edges(directions) {
      let (from, to) = (number(edge.from), number(edge.to))
      text += "\n  n\(from) --> n\(to)"
    }
    return text
  }

  /// The view for machines.
  public func json(_ directions: [LineageDirection], version: Int) -> JSON {
    var members: [JSON.Member] = [
      .init("name", .string(root.name)), .init("kind", .string(root.kind.rawValue)),
      .init("version", .count(version)),
    ]
    for direction in directions {
      members.append(.init(direction.rawValue, .array(all(direction).map { json($0) })))
    }
    members.append(
      .init(
        "edges",
        .array(
          edges(directions).map { edge in ["from": json(edge.from), "to": json(edge.to)] })))
    return .object(members)
  }

  private func json(_ node: LineageNode) -> JSON {
    var members: [JSON.Member] = [
      .init("kind", .string(node.kind.rawValue)), .init("name", .string(node.name)),
    ]
    if let note = notes[node] { members.append(.init("note", .string(note))) }
    return .object(members)
  }
}

extension LineageNode.Kind {
  /// As people call it.
  public var spoken: String {
    switch self {
    case .features: "set"
    case .trainingSet: "training set"
    case .file, .column, .entity, .source, .feature, .service, .run: rawValue
    }
  }
}
