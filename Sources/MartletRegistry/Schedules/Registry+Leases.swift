public import MartletColumns

extension Registry {
  /// The lease called `name` as it stands; `nil` where nobody ever had it or its holder gave it up.
  public func lease(_ name: String) throws(RegistryError) -> Lease? {
    let attempt = "looking who keeps the \(name)"
    var lease: Lease?
    try connection.rows(
      "SELECT holder, epoch, taken_at, ends_at FROM leases WHERE name = ?", [.text(name)],
      attempting: attempt
    ) { (row) throws(RegistryError) in
      lease = Lease(
        name: name, holder: row.text(0), epoch: Int(row.int(1)),
        takenAt: Instant(microseconds: row.int(2)), endsAt: Instant(microseconds: row.int(3)))
    }
    return lease.flatMap { $0.holder.isEmpty ? nil : $0 }
  }

  /// Takes the lease called `name` from `now` to `end`; `nil` while another holder has it.
  ///
  /// - Parameter deadHolder: Whether the present holder is known to be dead, so that its lease need not
  ///   be waited for.
  public func takeLease(
    _ name: String, by holder: String, at now: Instant, until end: Instant, deadHolder: Bool
  ) throws(RegistryError) -> Lease? {
    let attempt = "taking over the \(name)"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) -> Lease? in
      let held = try lease(name)
      if let held, held.holder != holder, held.endsAt > now, !deadHolder { return nil }
      let last = try connection.number(
        "SELECT epoch FROM leases WHERE name = ?", [.text(name)], attempting: attempt)
      let epoch = Int(last ?? 0) + 1
      try connection.rows(
        """
        INSERT INTO leases VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch,
          taken_at = excluded.taken_at, ends_at = excluded.ends_at
        """,
        [
          .text(name), .text(holder), .int(Int64(epoch)), .int(now.microseconds),
          .int(end.microseconds),
        ], attempting: attempt)
      return Lease(name: name, holder: holder, epoch: epoch, takenAt: now, endsAt: end)
    }
  }

  /// Moves the end of `lease`; `nil` where another holder has it by now.
  public func renew(_ lease: Lease, until end: Instant) throws(RegistryError) -> Lease? {
    let attempt = "renewing the lease of the \(lease.name)"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) -> Lease? in
      guard try holds(lease) else { return nil }
      try connection.rows(
        "UPDATE leases SET ends_at = ? WHERE name = ?",
        [.int(end.microseconds), .text(lease.name)], attempting: attempt)
      return Lease(
        name: lease.name, holder: lease.holder, epoch: lease.epoch, takenAt: lease.takenAt,
        endsAt: end)
    }
  }

  /// Gives `lease` up, so that the next need not wait.
  public func giveUp(_ lease: Lease) throws(RegistryError) {
    try connection.rows(
      "UPDATE leases SET holder = '' WHERE name = ? AND epoch = ?",
      [.text(lease.name), .int(Int64(lease.epoch))],
      attempting: "giving up the lease of the \(lease.name)")
  }

  /// Whether `lease` is the newest of its name; asked within the transaction that depends on it.
  func holds(_ lease: Lease) throws(RegistryError) -> Bool {
    try self.lease(lease.name)?.epoch == lease.epoch
  }
}
