import CSQLite

/// A connection to the registry's file: the one type that owns SQLite's handle.
///
/// A write is on the disk when its transaction returns: the log is synced with each, since one that
/// is not can lose what was acknowledged when the power fails.
final class Connection {
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// Opens the file at `path`, a new one if there is none; waits so long for who holds it.
  init(
    _ path: String, attempting attempt: String, waiting milliseconds: Int32 = 5_000
  )
    throws(RegistryError)
  {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      // SQLite gives a handle for its words even where it could not open the file.
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw RegistryError(attempt: attempt, reason: .init(code: code, message: message))
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, milliseconds)
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Runs statements that take and give nothing.
  func run(_ sql: String, attempting attempt: String) throws(RegistryError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(attempt, code) }
  }

  /// Runs `sql` with `values` and hands `body` each row that it gives.
  func rows(
    _ sql: String, _ values: [SQLValue] = [], attempting attempt: String,
    _ body: (SQLRow) throws(RegistryError) -> Void = { _ throws(RegistryError) in }
  ) throws(RegistryError) {
    let statement = try prepared(sql, attempt)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() {
      let code = value.bind(to: statement, at: Int32(index + 1))
      guard code == SQLITE_OK else { throw failure(attempt, code) }
    }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(attempt, code) }
      try body(SQLRow(statement))
    }
  }

  /// The number in the first column of the only row; `nil` of no row or of null.
  func number(
    _ sql: String, _ values: [SQLValue] = [], attempting attempt: String
  ) throws(RegistryError) -> Int64? {
    var number: Int64?
    try rows(sql, values, attempting: attempt) { (row) throws(RegistryError) in
      number = row.isNull(0) ? nil : row.int(0)
    }
    return number
  }

  /// Does `body` as a whole or not at all. It holds the registry against other writers from the
  /// beginning, so that what it reads still holds when it writes.
  func transaction<Result>(
    attempting attempt: String, _ body: () throws(RegistryError) -> Result
  ) throws(RegistryError) -> Result {
    try run("BEGIN IMMEDIATE", attempting: attempt)
    do {
      let result = try body()
      try run("COMMIT", attempting: attempt)
      return result
    } catch {
      // Where this fails too, SQLite has rolled back already; the first failure is the one to tell.
      sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
      throw error
    }
  }

  private func prepared(_ sql: String, _ attempt: String) throws(RegistryError) -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(attempt, code) }
    statements[sql] = statement
    return statement
  }

  private func failure(_ attempt: String, _ code: Int32) -> RegistryError {
    let message = String(cString: sqlite3_errmsg(handle))
    return RegistryError(attempt: attempt, reason: .init(code: code, message: message))
  }
}
