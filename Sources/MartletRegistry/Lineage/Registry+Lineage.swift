import MartletLanguage

/// Which way lineage is followed.
public enum LineageDirection: String, CaseIterable, Sendable {
  /// To what a thing is made from.
  case up

  /// To what is made from it.
  case down
}

extension Registry {
  /// What version `version` of the definitions makes from what.
  public func lineage(of version: Int) throws(RegistryError) -> Set<LineageEdge> {
    var edges: Set<LineageEdge> = []
    let attempt = "reading the lineage of version \(version)"
    try connection.rows(
      "SELECT user_kind, user_name, uses_kind, uses_name FROM lineage WHERE version = ?",
      [.int(Int64(version))], attempting: attempt
    ) { (row) throws(RegistryError) in
      edges.insert(
        LineageEdge(try row.lineageNode(0, attempt), uses: try row.lineageNode(2, attempt)))
    }
    return edges
  }

  /// Everything that `node` is made from, or that is made from it, some by way of others.
  public func lineage(
    _ direction: LineageDirection, from node: LineageNode, in version: Int
  ) throws(RegistryError) -> [LineageNode] {
    let attempt = "following the lineage of `\(node.name)`"
    let (here, there) = direction == .up ? ("user", "uses") : ("uses", "user")
    var nodes: [LineageNode] = []
    try connection.rows(
      """
      WITH RECURSIVE reached (kind, name) AS (
        SELECT ?2, ?3
        UNION
        SELECT \(there)_kind, \(there)_name FROM reached
        JOIN lineage ON version = ?1 AND \(here)_kind = kind AND \(here)_name = name)
      SELECT kind, name FROM reached WHERE kind <> ?2 OR name <> ?3
      """,
      [.int(Int64(version)), .text(node.kind.rawValue), .text(node.name)], attempting: attempt
    ) { (row) throws(RegistryError) in nodes.append(try row.lineageNode(0, attempt)) }
    return nodes.sorted()
  }

  /// The training sets that have rows of the file at `path`, by their numbers, the oldest first.
  public func trainingSets(withRowsOf path: String) throws(RegistryError) -> [Int] {
    var numbers: [Int] = []
    try connection.rows(
      """
      SELECT DISTINCT t.number FROM training_sets t
      JOIN training_set_sets u ON u.training_set = t.number
      JOIN set_files f ON f.set_name = u.set_name AND f.layout = u.layout
        AND f.added <= t.data AND (f.removed IS NULL OR f.removed > t.data)
      JOIN files ON files.number = f.file
      WHERE files.path = ? ORDER BY t.number
      """, [.text(path)], attempting: "looking for training sets with rows of `\(path)`"
    ) { (row) throws(RegistryError) in numbers.append(Int(row.int(0))) }
    return numbers
  }

  /// The sets that have or had rows of the file at `path`, each with the runs that read it.
  public func readers(
    of path: String
  ) throws(RegistryError) -> [(set: String, run: Int, isCurrent: Bool)] {
    var readers: [(set: String, run: Int, isCurrent: Bool)] = []
    try connection.rows(
      """
      SELECT set_name, run, f.removed IS NULL FROM files
      JOIN set_files f ON f.file = files.number
      JOIN data_versions v ON v.number = f.added
      WHERE path = ? ORDER BY set_name, run
      """, [.text(path)], attempting: "looking for readers of `\(path)`"
    ) { (row) throws(RegistryError) in
      readers.append((row.text(0), Int(row.int(1)), row.int(2) != 0))
    }
    return readers
  }

  /// The files that `run` read, by their paths.
  public func filesRead(by run: Int) throws(RegistryError) -> [String] {
    var paths: [String] = []
    try connection.rows(
      """
      SELECT DISTINCT path FROM data_versions v
      JOIN set_files f ON f.added = v.number JOIN files ON files.number = f.file
      WHERE run = ? ORDER BY path
      """, [.int(Int64(run))], attempting: "looking for what run \(run) read"
    ) { (row) throws(RegistryError) in paths.append(row.text(0)) }
    return paths
  }

  /// Writes the lineage of version `version`, within the transaction that makes the version.
  func write(
    _ edges: Set<LineageEdge>, of version: Int, _ attempt: String
  ) throws(RegistryError) {
    try connection.rows(
      "DELETE FROM lineage WHERE version = ?", [.int(Int64(version))], attempting: attempt)
    for edge in edges {
      try connection.rows(
        "INSERT INTO lineage VALUES (?, ?, ?, ?, ?)",
        [
          .int(Int64(version)), .text(edge.user.kind.rawValue), .text(edge.user.name),
          .text(edge.uses.kind.rawValue), .text(edge.uses.name),
        ], attempting: attempt)
    }
  }
}

extension SQLRow {
  /// The node in two columns from `first` on.
  fileprivate func lineageNode(
    _ first: Int32, _ attempt: String
  ) throws(RegistryError) -> LineageNode {
    guard let kind = LineageNode.Kind(rawValue: text(first)) else {
      throw RegistryError(
        attempt: attempt, reason: .damaged("there is no kind of thing `\(text(first))`"))
    }
    return LineageNode(kind, text(first + 1))
  }
}
