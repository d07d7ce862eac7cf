public import MartletColumns
import MartletLanguage

/// What was last loaded online of a set.
public struct OnlineLoad: Hashable, Sendable {
  /// The set.
  public var set: SetName

  /// The version of the data that it is of.
  public var data: Int

  /// The last commit of the online store whose pushed rows are among it.
  public var pushes: UInt64

  /// When it was loaded.
  public var at: Instant

  /// A load of `set`.
  public init(_ set: SetName, data: Int, pushes: UInt64, at: Instant) {
    self.set = set
    self.data = data
    self.pushes = pushes
    self.at = at
  }
}

extension Registry {
  /// The last commit of the online store that was recorded; 0 while there is none.
  public func recordedOnlineCommit() throws(RegistryError) -> UInt64 {
    let number = try connection.number(
      "SELECT recorded FROM online_ledger", attempting: "looking for the online store's ledger")
    return UInt64(max(number ?? 0, 0))
  }

  /// How often the online store was made anew. Its commits are counted from 1 again each time.
  public func onlineIncarnation() throws(RegistryError) -> Int {
    let number = try connection.number(
      "SELECT incarnation FROM online_ledger", attempting: "looking for the online store's ledger")
    return Int(number ?? 0)
  }

  /// Records that everything up to `commit` is on the online store's disk.
  public func recordOnline(commit: UInt64) throws(RegistryError) {
    try connection.rows(
      """
      INSERT INTO online_ledger VALUES (1, ?, 0)
      ON CONFLICT (only) DO UPDATE SET recorded = excluded.recorded
      WHERE excluded.recorded > recorded
      """,
      [.int(Int64(clamping: commit))], attempting: "recording the online store's ledger")
  }

  /// Forgets everything about the online store, which is to be made anew.
  public func forgetOnline() throws(RegistryError) {
    let attempt = "recording that the online store is made anew"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      try connection.run(
        """
        INSERT INTO online_ledger VALUES (1, 0, 1)
        ON CONFLICT (only) DO UPDATE SET recorded = 0, incarnation = incarnation + 1;
        DELETE FROM online_loads
        """, attempting: attempt)
    }
  }

  /// What was last loaded online of the set called `name`.
  public func onlineLoad(of name: String) throws(RegistryError) -> OnlineLoad? {
    var load: OnlineLoad?
    try connection.rows(
      "SELECT layout, data, pushes, at FROM online_loads WHERE set_name = ?", [.text(name)],
      attempting: "looking for what is online of `\(name)`"
    ) { (row) throws(RegistryError) in
      load = OnlineLoad(
        SetName(name, layout: Identity(bytes: row.bytes(0))), data: Int(row.int(1)),
        pushes: UInt64(max(row.int(2), 0)), at: Instant(microseconds: row.int(3)))
    }
    return load
  }

  /// Records `load`, which the online store took in with commit `commit`.
  public func record(_ load: OnlineLoad, commit: UInt64) throws(RegistryError) {
    let attempt = "recording what is online of `\(load.set.name)`"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      try recordOnline(commit: commit)
      try connection.rows(
        """
        INSERT INTO online_loads VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (set_name) DO UPDATE SET layout = excluded.layout, data = excluded.data,
          pushes = excluded.pushes, at = excluded.at
        """,
        [
          .text(load.set.name), .bytes(load.set.layout.bytes), .int(Int64(load.data)),
          .int(Int64(clamping: load.pushes)), .int(load.at.microseconds),
        ], attempting: attempt)
    }
  }
}
