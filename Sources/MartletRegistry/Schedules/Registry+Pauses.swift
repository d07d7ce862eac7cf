public import MartletColumns

/// A feature set whose schedule stands still because somebody said so.
public struct Pause: Hashable, Sendable {
  /// The set.
  public let set: String

  /// Since when, by whom, and why.
  public let at: Instant
  public let author: String
  public let reason: String
}

extension Registry {
  /// The sets that are paused.
  public func pauses() throws(RegistryError) -> [Pause] {
    var pauses: [Pause] = []
    try connection.rows(
      "SELECT set_name, at, author, reason FROM pauses ORDER BY set_name",
      attempting: "looking for what is paused"
    ) { (row) throws(RegistryError) in
      pauses.append(
        Pause(
          set: row.text(0), at: Instant(microseconds: row.int(1)), author: row.text(2),
          reason: row.text(3)))
    }
    return pauses
  }

  /// Pauses `set`; gives whether it was not paused before.
  public func pause(
    _ set: String, reason: String, at: Instant, by author: String
  ) throws(RegistryError) -> Bool {
    let attempt = "pausing `\(set)`"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      guard try !isPaused(set, attempt) else { return false }
      try connection.rows(
        "INSERT INTO pauses VALUES (?, ?, ?, ?)",
        [.text(set), .int(at.microseconds), .text(author), .text(reason)], attempting: attempt)
      try log("pause", set, at: at, by: author)
      return true
    }
  }

  /// Lets `set` go on; gives whether it was paused.
  public func resume(_ set: String, at: Instant, by author: String) throws(RegistryError) -> Bool {
    let attempt = "resuming `\(set)`"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      guard try isPaused(set, attempt) else { return false }
      try connection.rows(
        "DELETE FROM pauses WHERE set_name = ?", [.text(set)], attempting: attempt)
      try log("resume", set, at: at, by: author)
      return true
    }
  }

  private func isPaused(_ set: String, _ attempt: String) throws(RegistryError) -> Bool {
    try connection.number(
      "SELECT count(*) FROM pauses WHERE set_name = ?", [.text(set)], attempting: attempt) == 1
  }
}
