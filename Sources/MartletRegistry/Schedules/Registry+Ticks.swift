import MartletColumns

extension Registry {
  /// Writes `ticks`, and what hooks are to tell of them, if `lease` still holds; gives whether it does.
  ///
  /// A set has one record at most that has not ended: the new one takes its place.
  public func record(
    _ ticks: [TickRecord], telling deliveries: [DeliveryRecord] = [], under lease: Lease
  ) throws(RegistryError) -> Bool {
    let attempt = "recording ticks"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      guard try holds(lease) else { return false }
      try insert(deliveries, attempt)
      for tick in ticks {
        try connection.rows(
          "DELETE FROM ticks WHERE set_name = ? AND ended_at IS NULL", [.text(tick.set)],
          attempting: attempt)
        try connection.rows(
          "INSERT INTO ticks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          [
            .text(tick.set), .int(tick.due.microseconds), .int(tick.since.microseconds),
            .text(tick.cause.rawValue), .text(tick.state.rawValue), .int(Int64(tick.failures)),
            .int(tick.notBefore.microseconds), .int(Int64(lease.epoch)), .optional(tick.run),
            tick.endedAt.map { .int($0.microseconds) } ?? .null, .text(tick.words),
          ], attempting: attempt)
      }
      return true
    }
  }

  /// The newest record of each set, the one that has not ended where there is one, and with it the last
  /// that has.
  public func lastTicks() throws(RegistryError) -> [TickRecord] {
    try ticks(
      """
      WHERE ended_at IS NULL OR due_at = (
        SELECT max(due_at) FROM ticks o WHERE o.set_name = ticks.set_name AND o.ended_at IS NOT NULL)
      ORDER BY set_name, due_at
      """, [])
  }

  /// The last `limit` records of `set`, the newest first.
  public func ticks(of set: String, limit: Int = .max) throws(RegistryError) -> [TickRecord] {
    try ticks(
      "WHERE set_name = ? ORDER BY due_at DESC LIMIT ?", [.text(set), .int(Int64(limit))])
  }

  private func ticks(_ rest: String, _ values: [SQLValue]) throws(RegistryError) -> [TickRecord] {
    var ticks: [TickRecord] = []
    let attempt = "looking for ticks"
    try connection.rows(
      """
      SELECT set_name, due_at, since, cause, state, failures, not_before, run, ended_at, words
      FROM ticks \(rest)
      """, values, attempting: attempt
    ) { (row) throws(RegistryError) in
      guard let cause = TickRecord.Cause(rawValue: row.text(3)),
        let state = TickRecord.State(rawValue: row.text(4))
      else {
        throw RegistryError(
          attempt: attempt,
          reason: .damaged("there is no tick for `\(row.text(3))` that is `\(row.text(4))`"))
      }
      var tick = TickRecord(
        set: row.text(0), due: Instant(microseconds: row.int(1)),
        since: Instant(microseconds: row.int(2)), cause: cause)
      tick.state = state
      tick.failures = Int(row.int(5))
      tick.notBefore = Instant(microseconds: row.int(6))
      tick.run = row.isNull(7) ? nil : Int(row.int(7))
      tick.endedAt = row.isNull(8) ? nil : Instant(microseconds: row.int(8))
      tick.words = row.text(9)
      ticks.append(tick)
    }
    return ticks
  }
}
