import CSQLite
import MartletColumns

/// A table or view of a SQLite database, opened to be read and nothing else.
///
/// It owns SQLite's handles, and belongs to one thread.
final class SQLiteTable {
  /// Why a table cannot be read, in SQLite's words or ours.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// A value as SQLite holds it: each has a type of its own, whatever its column is declared as.
  enum Cell {
    case null
    case int(Int64)
    case double(Double)
    /// Good until the next row.
    case text(UnsafeRawBufferPointer)
    case blob(UnsafeRawBufferPointer)
  }

  private let handle: OpaquePointer
  private let name: String
  private var statement: OpaquePointer?

  /// The table called `name` in the database at `path`.
  init(_ name: String, in path: String) throws {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      // SQLite gives a handle for its words even where it could not open the file.
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw Failure(description: message)
    }
    handle = opened
    self.name = name
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit {
    sqlite3_finalize(statement)
    sqlite3_close_v2(handle)
  }

  /// The names of its columns, in their order; none where there is no such table.
  func columnNames() throws -> [String] {
    // Asked of the schema, since a name in a statement that is no column's would be read as a text.
    try prepare("SELECT name FROM pragma_table_info(?1)")
    // SQLite copies the text before the call returns.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    sqlite3_bind_text(statement, 1, name, -1, copied)
    var names: [String] = []
    while try step() {
      if case .text(let text) = cell(0) { names.append(String(decoding: text, as: UTF8.self)) }
    }
    return names
  }

  /// Makes ready to step through the rows, of which `columns` are read.
  func select(_ columns: [String]) throws {
    let list = columns.isEmpty ? "1" : columns.map(Self.quoted).joined(separator: ", ")
    try prepare("SELECT \(list) FROM \(Self.quoted(name))")
  }

  /// Steps to the next row; `false` behind the last.
  func step() throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw failure()
    }
  }

  /// The value of a column in the row that was stepped to.
  func cell(_ column: Int) -> Cell {
    let column = Int32(truncatingIfNeeded: column)
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .double(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      // The text is asked for before its length, which the conversion may change.
      let start = UnsafeRawPointer(sqlite3_column_text(statement, column))
      return .text(bytes(start, column))
    case SQLITE_BLOB: return .blob(bytes(sqlite3_column_blob(statement, column), column))
    default: return .null
    }
  }

  private func bytes(_ start: UnsafeRawPointer?, _ column: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
  }

  private func prepare(_ sql: String) throws {
    sqlite3_finalize(statement)
    statement = nil
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw failure()
    }
  }

  private func failure() -> Failure {
    Failure(description: String(cString: sqlite3_errmsg(handle)))
  }

  private static func quoted(_ name: String) -> String {
    "\"\(name.replacing("\"", with: "\"\""))\""
  }
}
