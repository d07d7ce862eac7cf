public import MartletColumns

extension Registry {
  /// Adds what is to be told; what is known by its key already stays as it is.
  public func add(_ deliveries: [DeliveryRecord]) throws(RegistryError) {
    if deliveries.isEmpty { return }
    let attempt = "recording what hooks are to tell"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      try insert(deliveries, attempt)
    }
  }

  /// The same, within a transaction.
  func insert(_ deliveries: [DeliveryRecord], _ attempt: String) throws(RegistryError) {
    for delivery in deliveries {
      try connection.rows(
        "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, 0, ?, NULL, 'waiting', '')",
        [
          .text(delivery.key), .text(delivery.hook), .text(delivery.event), .text(delivery.body),
          .int(delivery.at.microseconds), .int(delivery.notBefore.microseconds),
        ], attempting: attempt)
    }
  }

  /// Writes what became of `delivery`.
  public func update(_ delivery: DeliveryRecord) throws(RegistryError) {
    try connection.rows(
      """
      UPDATE deliveries SET attempts = ?, not_before = ?, ended_at = ?, state = ?, words = ?
      WHERE key = ?
      """,
      [
        .int(Int64(delivery.attempts)), .int(delivery.notBefore.microseconds),
        delivery.endedAt.map { .int($0.microseconds) } ?? .null, .text(delivery.state.rawValue),
        .text(delivery.words), .text(delivery.key),
      ], attempting: "recording what a hook told")
  }

  /// The hooks that have something to tell now.
  public func hooksWithDueDeliveries(at now: Instant) throws(RegistryError) -> [String] {
    var hooks: [String] = []
    try connection.rows(
      """
      SELECT DISTINCT hook FROM deliveries WHERE ended_at IS NULL AND not_before <= ? ORDER BY hook
      """, [.int(now.microseconds)], attempting: "looking for what hooks are to tell"
    ) { (row) throws(RegistryError) in hooks.append(row.text(0)) }
    return hooks
  }

  /// What `hook` is to tell now: what has waited longest; `nil` where nothing is due.
  public func dueDelivery(
    of hook: String, at now: Instant
  ) throws(RegistryError) -> DeliveryRecord? {
    try deliveries(
      "WHERE hook = ? AND ended_at IS NULL AND not_before <= ? ORDER BY at, key LIMIT 1",
      [.text(hook), .int(now.microseconds)]
    ).first
  }

  /// The last `limit` things that were told or are to be, the newest first.
  public func deliveries(limit: Int) throws(RegistryError) -> [DeliveryRecord] {
    try deliveries("ORDER BY at DESC, key LIMIT ?", [.int(Int64(limit))])
  }

  /// When `hook` was last due by its schedule, or since when somebody has kept it, which is from `now` on
  /// where nobody did.
  public func lastTick(
    ofHook hook: String, keptSince now: Instant
  ) throws(RegistryError) -> Instant {
    let attempt = "looking when `\(hook)` was due"
    let last = try connection.number(
      "SELECT max(at) FROM deliveries WHERE hook = ? AND event = 'schedule'", [.text(hook)],
      attempting: attempt)
    if let last { return Instant(microseconds: last) }
    try connection.rows(
      "INSERT OR IGNORE INTO hook_schedules VALUES (?, ?)", [.text(hook), .int(now.microseconds)],
      attempting: attempt)
    let since = try connection.number(
      "SELECT kept_since FROM hook_schedules WHERE hook = ?", [.text(hook)], attempting: attempt)
    return since.map { Instant(microseconds: $0) } ?? now
  }

  /// The newest version of the data that changed which files `sets` hold; 0 where none did.
  public func newestFileChange(of sets: [String]) throws(RegistryError) -> Int {
    var newest: Int64 = 0
    for set in sets {
      let number = try connection.number(
        "SELECT max(max(added, ifnull(removed, 0))) FROM set_files WHERE set_name = ?",
        [.text(set)], attempting: "looking for new data of `\(set)`")
      newest = max(newest, number ?? 0)
    }
    return Int(newest)
  }

  private func deliveries(
    _ rest: String, _ values: [SQLValue]
  ) throws(RegistryError) -> [DeliveryRecord] {
    var deliveries: [DeliveryRecord] = []
    let attempt = "looking for what hooks are to tell"
    try connection.rows(
      """
      SELECT key, hook, event, body, at, attempts, not_before, ended_at, state, words
      FROM deliveries \(rest)
      """, values, attempting: attempt
    ) { (row) throws(RegistryError) in
      guard let state = DeliveryRecord.State(rawValue: row.text(8)) else {
        throw RegistryError(
          attempt: attempt, reason: .damaged("nothing told is `\(row.text(8))`"))
      }
      var delivery = DeliveryRecord(
        key: row.text(0), hook: row.text(1), event: row.text(2), body: row.text(3),
        at: Instant(microseconds: row.int(4)))
      delivery.attempts = Int(row.int(5))
      delivery.notBefore = Instant(microseconds: row.int(6))
      delivery.endedAt = row.isNull(7) ? nil : Instant(microseconds: row.int(7))
      delivery.state = state
      delivery.words = row.text(9)
      deliveries.append(delivery)
    }
    return deliveries
  }
}
