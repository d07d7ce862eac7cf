public import MartletColumns
import MartletLanguage

extension Registry {
  /// Records a run that is about to begin, and gives its number.
  public func beginRun(
    _ kind: RunRecord.Kind, of subject: String, version: Int, at: Instant, by author: String
  ) throws(RegistryError) -> Int {
    let attempt = "recording a run"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      let last = try connection.number("SELECT max(number) FROM runs", attempting: attempt)
      let number = (last ?? 0) + 1
      try connection.rows(
        "INSERT INTO runs VALUES (?, ?, ?, 'planned', ?, ?, ?, NULL, '{}')",
        [
          .int(number), .text(kind.rawValue), .text(subject), .int(Int64(version)), .text(author),
          .int(at.microseconds),
        ], attempting: attempt)
      return Int(number)
    }
  }

  /// Notes that a run that has not ended came to `state`.
  public func advance(run: Int, to state: RunRecord.State) throws(RegistryError) {
    try connection.rows(
      "UPDATE runs SET state = ? WHERE number = ? AND ended_at IS NULL",
      [.text(state.rawValue), .int(Int64(run))], attempting: "recording a run")
  }

  /// Ends a run that leaves everything as it was.
  public func abandon(
    run: Int, at: Instant, report: String
  ) throws(RegistryError) {
    try connection.rows(
      """
      UPDATE runs SET state = 'abandoned', ended_at = ?, report = ?
      WHERE number = ? AND ended_at IS NULL
      """,
      [.int(at.microseconds), .text(report), .int(Int64(run))], attempting: "recording a run")
  }

  /// Ends a run that found nothing to change in what is stored: its sets are as fresh as `readAt`.
  public func endRun(
    _ run: Int, refreshing sets: [SetName], readAt: Instant, at: Instant, report: String
  ) throws(RegistryError) {
    let attempt = "committing run \(run)"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      try finish(run, at: at, report: report, attempt)
      for set in sets { try noteRead(set, readAt: readAt, run: run, attempt) }
    }
  }

  /// The runs, the newest first.
  public func runs(limit: Int = .max) throws(RegistryError) -> [RunRecord] {
    try runs("ORDER BY number DESC LIMIT ?", [.int(Int64(limit))])
  }

  private func runs(
    _ condition: String, _ values: [SQLValue] = []
  ) throws(RegistryError) -> [RunRecord] {
    var runs: [RunRecord] = []
    let attempt = "listing the runs"
    try connection.rows(
      """
      SELECT number, kind, subject, state, version, author, started_at, ended_at, report
      FROM runs \(condition)
      """, values, attempting: attempt
    ) { (row) throws(RegistryError) in
      guard let kind = RunRecord.Kind(rawValue: row.text(1)),
        let state = RunRecord.State(rawValue: row.text(3))
      else {
        throw RegistryError(
          attempt: attempt, reason: .damaged("there is no `\(row.text(1))` that is \(row.text(3))"))
      }
      runs.append(
        RunRecord(
          number: Int(row.int(0)), kind: kind, subject: row.text(2), state: state,
          version: Int(row.int(4)), author: row.text(5),
          startedAt: Instant(microseconds: row.int(6)),
          endedAt: row.isNull(7) ? nil : Instant(microseconds: row.int(7)), report: row.text(8)))
    }
    return runs
  }

  /// The runs that have neither been committed nor abandoned: at it, or dead.
  public func unfinishedRuns() throws(RegistryError) -> [RunRecord] {
    try runs("WHERE ended_at IS NULL ORDER BY number DESC")
  }

  /// Marks `run` committed, which it can be once and only if it has not been given up.
  func finish(
    _ run: Int, at: Instant, report: String, _ attempt: String
  ) throws(RegistryError) {
    let open = try connection.number(
      "SELECT count(*) FROM runs WHERE number = ? AND ended_at IS NULL", [.int(Int64(run))],
      attempting: attempt)
    guard open == 1 else { throw RegistryError(attempt: attempt, reason: .runEnded(run)) }
    try connection.rows(
      "UPDATE runs SET state = 'committed', ended_at = ?, report = ? WHERE number = ?",
      [.int(at.microseconds), .text(report), .int(Int64(run))], attempting: attempt)
  }

  /// Notes when a set's source was last looked through.
  func noteRead(
    _ set: SetName, readAt: Instant, run: Int, _ attempt: String
  ) throws(RegistryError) {
    try connection.rows(
      """
      INSERT INTO set_reads VALUES (?, ?, ?, ?)
      ON CONFLICT (set_name) DO UPDATE SET
        layout = excluded.layout, read_at = excluded.read_at, run = excluded.run
      """,
      [
        .text(set.name), .bytes(set.layout.bytes), .int(readAt.microseconds), .int(Int64(run)),
      ], attempting: attempt)
  }
}
