public import MartletColumns

/// What a column of a set looked like in the rows that one run added.
public struct ColumnFacts: Hashable, Sendable {
  /// The run, and when it began.
  public let run: Int
  public let startedAt: Instant

  /// The column.
  public let column: String

  /// What it looked like, as JSON.
  public let facts: String
}

extension Registry {
  /// Keeps what the columns of `subject` looked like in the rows that `run` added.
  public func record(
    _ columns: [(name: String, facts: String)], of subject: String, run: Int
  ) throws(RegistryError) {
    let attempt = "recording statistics of run \(run)"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      for column in columns {
        try connection.rows(
          "INSERT OR REPLACE INTO statistics VALUES (?, ?, ?, ?)",
          [.int(Int64(run)), .text(subject), .text(column.name), .text(column.facts)],
          attempting: attempt)
      }
    }
  }

  /// What the columns of `subject` looked like, the newest run first; of run `run` alone, where one is said.
  public func statistics(
    of subject: String, run: Int? = nil
  ) throws(RegistryError) -> [ColumnFacts] {
    var found: [ColumnFacts] = []
    try connection.rows(
      """
      SELECT run, started_at, column, facts FROM statistics JOIN runs ON number = run
      WHERE statistics.subject = ?1 AND (?2 IS NULL OR run = ?2) ORDER BY run DESC, column
      """,
      [.text(subject), .optional(run)], attempting: "looking for statistics of `\(subject)`"
    ) { (row) throws(RegistryError) in
      found.append(
        ColumnFacts(
          run: Int(row.int(0)), startedAt: Instant(microseconds: row.int(1)), column: row.text(2),
          facts: row.text(3)))
    }
    return found
  }
}
