public import MartletColumns
import MartletLanguage

/// A version of the definitions. It never changes, but for the layout of its texts.
public struct DefinitionsVersion: Hashable, Sendable {
  /// 1, 2, 3 …
  public let number: Int
  public let appliedAt: Instant
  public let author: String
  public let message: String

  /// The older version that this one is again.
  public let backTo: Int?
}

/// What became of definitions that were applied.
public enum Applied: Hashable, Sendable {
  /// They are the current version, to the letter.
  case nothing(current: Int)

  /// They mean what the current version means; its texts are now these.
  case rewritten(current: Int)

  /// They are a new version.
  case version(Int)
}

extension Registry {
  /// The number of the current version; 0 while there is none.
  public func currentVersion() throws(RegistryError) -> Int {
    let number = try connection.number(
      "SELECT max(number) FROM versions", attempting: "looking for the current version")
    return Int(number ?? 0)
  }

  /// A number that grows whenever definitions are applied, also where that makes no version since only
  /// texts change: schedules and hooks, for two.
  public func definitionsEdition() throws(RegistryError) -> Int {
    let number = try connection.number(
      "SELECT max(number) FROM audit WHERE action IN ('apply', 'rewrite')",
      attempting: "looking for the newest definitions")
    return Int(number ?? 0)
  }

  /// All versions, the oldest first.
  public func versions() throws(RegistryError) -> [DefinitionsVersion] {
    var versions: [DefinitionsVersion] = []
    try connection.rows(
      "SELECT number, applied_at, author, message, back_to FROM versions ORDER BY number",
      attempting: "listing the versions"
    ) { (row) throws(RegistryError) in
      versions.append(
        DefinitionsVersion(
          number: Int(row.int(0)), appliedAt: Instant(microseconds: row.int(1)),
          author: row.text(2), message: row.text(3),
          backTo: row.isNull(4) ? nil : Int(row.int(4))))
    }
    return versions
  }

  /// The definitions of version `number`.
  public func snapshot(of number: Int) throws(RegistryError) -> DefinitionsSnapshot {
    let attempt = "reading version \(number)"
    var files: [String: [UInt8]] = [:]
    var meanings: [DefinitionsSnapshot.Name: Identity] = [:]
    let known = try connection.number(
      "SELECT count(*) FROM versions WHERE number = ?", [.int(Int64(number))], attempting: attempt)
    guard known == 1 else { throw RegistryError(attempt: attempt, reason: .noVersion(number)) }
    try connection.rows(
      "SELECT path, text FROM version_files WHERE version = ?", [.int(Int64(number))],
      attempting: attempt
    ) { (row) throws(RegistryError) in files[row.text(0)] = row.bytes(1) }
    try connection.rows(
      "SELECT kind, name, identity FROM definitions WHERE version = ?", [.int(Int64(number))],
      attempting: attempt
    ) { (row) throws(RegistryError) in
      guard let kind = DefinitionsSnapshot.Kind(rawValue: row.text(0)) else {
        throw RegistryError(
          attempt: attempt, reason: .damaged("there is no kind of definition `\(row.text(0))`"))
      }
      let name = DefinitionsSnapshot.Name(kind: kind, name: row.text(1))
      meanings[name] = Identity(bytes: row.bytes(2))
    }
    return DefinitionsSnapshot(
      files: files, meanings: meanings, lineage: try lineage(of: number))
  }

  /// Makes `snapshot` the current version, if that is still version `base`.
  ///
  /// Of two who build upon one version the slower is told who was quicker, and nothing is lost.
  public func apply(
    _ snapshot: DefinitionsSnapshot, upon base: Int, at: Instant, by author: String,
    message: String = "", backTo: Int? = nil
  ) throws(RegistryError) -> Applied {
    let attempt = "applying definitions"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      let current = try currentVersion()
      guard current == base else {
        throw RegistryError(
          attempt: attempt,
          reason: .moved(to: current, by: try versions().last?.author ?? "somebody"))
      }
      if current > 0 {
        let standing = try self.snapshot(of: current)
        if standing == snapshot { return .nothing(current: current) }
        if standing.meanings == snapshot.meanings {
          try connection.rows(
            "DELETE FROM version_files WHERE version = ?", [.int(Int64(current))],
            attempting: attempt)
          try write(snapshot.files, of: current, attempt)
          try write(snapshot.lineage, of: current, attempt)
          try log("rewrite", "version \(current)", at: at, by: author)
          return .rewritten(current: current)
        }
      }
      let number = current + 1
      try connection.rows(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?)",
        [
          .int(Int64(number)), .int(at.microseconds), .text(author), .text(message),
          .optional(backTo),
        ], attempting: attempt)
      try write(snapshot.files, of: number, attempt)
      try write(snapshot.lineage, of: number, attempt)
      for (name, identity) in snapshot.meanings {
        try connection.rows(
          "INSERT INTO definitions VALUES (?, ?, ?, ?)",
          [
            .int(Int64(number)), .text(name.kind.rawValue), .text(name.name),
            .bytes(identity.bytes),
          ], attempting: attempt)
      }
      try log("apply", "version \(number)", at: at, by: author)
      return .version(number)
    }
  }

  private func write(
    _ files: [String: [UInt8]], of version: Int, _ attempt: String
  ) throws(RegistryError) {
    for (path, text) in files {
      try connection.rows(
        "INSERT INTO version_files VALUES (?, ?, ?)",
        [.int(Int64(version)), .text(path), .bytes(text)], attempting: attempt)
    }
  }
}
