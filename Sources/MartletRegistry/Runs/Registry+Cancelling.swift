public import MartletColumns

extension Registry {
  /// Asks for the end of `run`; gives whether it has not ended yet.
  public func cancel(
    run: Int, at: Instant, by author: String
  ) throws(RegistryError) -> Bool {
    let attempt = "cancelling run \(run)"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      let open = try connection.number(
        "SELECT count(*) FROM runs WHERE number = ? AND ended_at IS NULL", [.int(Int64(run))],
        attempting: attempt)
      guard open == 1 else { return false }
      try connection.rows(
        "INSERT OR IGNORE INTO cancellations VALUES (?, ?, ?)",
        [.int(Int64(run)), .int(at.microseconds), .text(author)], attempting: attempt)
      try log("cancel", "run \(run)", at: at, by: author)
      return true
    }
  }

  /// The runs whose end was asked for and that have not ended.
  public func cancellations() throws(RegistryError) -> [Int] {
    var runs: [Int] = []
    try connection.rows(
      """
      SELECT run FROM cancellations JOIN runs ON number = run WHERE ended_at IS NULL ORDER BY run
      """, attempting: "looking for cancelled runs"
    ) { (row) throws(RegistryError) in runs.append(Int(row.int(0))) }
    return runs
  }

  /// Adds a line to what is told of `run`.
  public func note(_ line: String, of run: Int, at: Instant) throws(RegistryError) {
    try connection.rows(
      "INSERT INTO run_log VALUES (?, ?, ?)",
      [.int(Int64(run)), .int(at.microseconds), .text(line)], attempting: "recording a run")
  }

  /// What is told of `run`, in the order in which it was.
  public func notes(of run: Int) throws(RegistryError) -> [(at: Instant, line: String)] {
    var notes: [(at: Instant, line: String)] = []
    try connection.rows(
      "SELECT at, line FROM run_log WHERE run = ? ORDER BY rowid", [.int(Int64(run))],
      attempting: "looking for what is told of run \(run)"
    ) { (row) throws(RegistryError) in
      notes.append((Instant(microseconds: row.int(0)), row.text(1)))
    }
    return notes
  }
}
