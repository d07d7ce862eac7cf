public import MartletColumns

/// What a column or a feature of a set looked like in the rows that one run added.
public struct KeptStatistics: Hashable, Sendable {
  /// The run, and when it began.
  public let run: Int
  public let startedAt: Instant

  /// Of what, and what it is called.
  public let kind: Kind
  public var name: String

  /// What it looked like, as JSON.
  public let facts: String

  /// What statistics are of. The raw values are written to disk and never change.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case column, feature
  }
}

extension Registry {
  /// Keeps what the columns or the features of `subject` looked like in the rows that `run` added.
  public func record(
    _ kind: KeptStatistics.Kind, _ all: [(name: String, facts: String)], of subject: String,
    run: Int
  ) throws(RegistryError) {
    let attempt = "recording statistics of run \(run)"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      for one in all {
        try connection.rows(
          "INSERT OR REPLACE INTO statistics VALUES (?, ?, ?, ?, ?)",
          [
            .int(Int64(run)), .text(subject), .text(kind.rawValue), .text(one.name),
            .text(one.facts),
          ],
          attempting: attempt)
      }
    }
  }

  /// What the features and then the columns of `subject` looked like, the newest run first.
  ///
  /// - Parameters:
  ///   - run: Of this run alone.
  ///   - name: Of what is called so alone.
  ///   - runLimit: Of so many of the newest runs.
  public func statistics(
    of subject: String, run: Int? = nil, called name: String? = nil, runLimit: Int = .max
  ) throws(RegistryError) -> [KeptStatistics] {
    var found: [KeptStatistics] = []
    let attempt = "looking for statistics of `\(subject)`"
    try connection.rows(
      """
      SELECT run, started_at, statistics.kind, name, facts FROM statistics JOIN runs ON number = run
      WHERE statistics.subject = ?1 AND (?2 IS NULL OR run = ?2) AND (?3 IS NULL OR name = ?3)
        AND run IN (
          SELECT DISTINCT run FROM statistics WHERE subject = ?1 AND (?2 IS NULL OR run = ?2)
          ORDER BY run DESC LIMIT ?4)
      ORDER BY run DESC, statistics.kind DESC, statistics.rowid
      """,
      [
        .text(subject), .optional(run), name.map { .text($0) } ?? .null, .int(Int64(runLimit)),
      ], attempting: attempt
    ) { (row) throws(RegistryError) in
      guard let kind = KeptStatistics.Kind(rawValue: row.text(2)) else {
        throw RegistryError(
          attempt: attempt, reason: .damaged("there are no statistics of a `\(row.text(2))`"))
      }
      found.append(
        KeptStatistics(
          run: Int(row.int(0)), startedAt: Instant(microseconds: row.int(1)), kind: kind,
          name: row.text(3), facts: row.text(4)))
    }
    return found
  }
}
