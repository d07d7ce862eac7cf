public import MartletColumns
import MartletLanguage

/// A row of the log of changes.
public struct AuditEntry: Hashable, Sendable {
  public let number: Int
  public let at: Instant
  public let author: String

  /// What was done: "apply", "rewrite".
  public let action: String

  /// To what: "version 7".
  public let subject: String
}

extension Registry {
  /// The log of changes, the oldest first. Rows are only ever added.
  public func audit() throws(RegistryError) -> [AuditEntry] {
    try chained().map(\.entry)
  }

  /// Makes sure that no row of the log was changed or taken out from before another: each carries a
  /// hash of itself and of the hash before it.
  public func verifyAudit() throws(RegistryError) {
    var before: [UInt8] = []
    for (place, row) in try chained().enumerated() {
      let expected = Self.chain(row.entry, after: before)
      guard row.entry.number == place + 1, row.hash == expected else {
        throw RegistryError(
          attempt: "checking the log of changes", reason: .brokenChain(row: place + 1))
      }
      before = expected
    }
  }

  /// Adds a row, within the transaction that makes the change.
  func log(
    _ action: String, _ subject: String, at: Instant, by author: String
  ) throws(RegistryError) {
    let attempt = "writing the log of changes"
    var last = (number: 0, hash: [UInt8]())
    try connection.rows(
      "SELECT number, chained FROM audit ORDER BY number DESC LIMIT 1", attempting: attempt
    ) { (row) throws(RegistryError) in last = (Int(row.int(0)), row.bytes(1)) }
    let entry = AuditEntry(
      number: last.number + 1, at: at, author: author, action: action, subject: subject)
    try connection.rows(
      "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)",
      [
        .int(Int64(entry.number)), .int(at.microseconds), .text(author), .text(action),
        .text(subject), .bytes(Self.chain(entry, after: last.hash)),
      ], attempting: attempt)
  }

  private func chained() throws(RegistryError) -> [(entry: AuditEntry, hash: [UInt8])] {
    var rows: [(entry: AuditEntry, hash: [UInt8])] = []
    try connection.rows(
      "SELECT number, at, author, action, subject, chained FROM audit ORDER BY number",
      attempting: "reading the log of changes"
    ) { (row) throws(RegistryError) in
      let entry = AuditEntry(
        number: Int(row.int(0)), at: Instant(microseconds: row.int(1)), author: row.text(2),
        action: row.text(3), subject: row.text(4))
      rows.append((entry, row.bytes(5)))
    }
    return rows
  }

  private static func chain(_ entry: AuditEntry, after before: [UInt8]) -> [UInt8] {
    var text = MeaningText("row of the log")
    text.add(Identity(bytes: before))
    text.add(Int64(entry.number))
    text.add(entry.at.microseconds)
    text.add(entry.author)
    text.add(entry.action)
    text.add(entry.subject)
    return text.identity.bytes
  }
}
