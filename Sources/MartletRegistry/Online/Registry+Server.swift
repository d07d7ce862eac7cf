/// The server that holds the online store, which others find here.
public struct ServerRecord: Hashable, Sendable {
  /// Its process.
  public var process: Int32

  /// Where it listens: `127.0.0.1:8080`.
  public var address: String

  /// A server.
  public init(process: Int32, address: String) {
    self.process = process
    self.address = address
  }
}

/// How a run gets at rows that were pushed to a server which holds the online store:
///
///     run      asks ──────────────────────────────────────▶ reads the files
///     server        sees the ask ──▶ writes files ──▶ answers
extension Registry {
  /// The server that holds the online store, or held it when it was killed.
  public func server() throws(RegistryError) -> ServerRecord? {
    var server: ServerRecord?
    try connection.rows(
      "SELECT process, address FROM online_server WHERE process IS NOT NULL",
      attempting: "looking for the server"
    ) { (row) throws(RegistryError) in
      server = ServerRecord(process: Int32(clamping: row.int(0)), address: row.text(1))
    }
    return server
  }

  /// Records that `server` holds the online store; `nil` that none does.
  public func record(_ server: ServerRecord?) throws(RegistryError) {
    try connection.rows(
      """
      INSERT INTO online_server VALUES (1, ?, ?, 0, 0)
      ON CONFLICT (only) DO UPDATE SET process = excluded.process, address = excluded.address
      """,
      [
        server.map { .int(Int64($0.process)) } ?? .null, server.map { .text($0.address) } ?? .null,
      ], attempting: "recording the server")
  }

  /// Asks the server to write what was pushed to files.
  ///
  /// - Returns: The number that `hasWrittenPushFiles` is asked with.
  public func askForPushFiles() throws(RegistryError) -> Int {
    var number = 0
    try connection.rows(
      """
      INSERT INTO online_server VALUES (1, NULL, NULL, 1, 0)
      ON CONFLICT (only) DO UPDATE SET asked = asked + 1
      RETURNING asked
      """, attempting: "asking for the pushed rows"
    ) { (row) throws(RegistryError) in number = Int(row.int(0)) }
    return number
  }

  /// Whether all that was pushed before the ask with `number` is in files.
  public func hasWrittenPushFiles(since number: Int) throws(RegistryError) -> Bool {
    let answered = try connection.number(
      "SELECT answered FROM online_server", attempting: "looking for the pushed rows")
    return Int(answered ?? 0) >= number
  }

  /// The number of the newest ask that is not answered yet.
  public func askedForPushFiles() throws(RegistryError) -> Int? {
    try connection.number(
      "SELECT asked FROM online_server WHERE asked > answered",
      attempting: "looking whether pushed rows are asked for"
    ).map { Int($0) }
  }

  /// Records that what was pushed before the ask with `number` is in files.
  public func answerPushFiles(_ number: Int) throws(RegistryError) {
    try connection.rows(
      "UPDATE online_server SET answered = max(answered, ?)", [.int(Int64(number))],
      attempting: "recording that pushed rows are in files")
  }
}
