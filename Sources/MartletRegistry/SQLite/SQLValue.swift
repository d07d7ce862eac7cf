import CSQLite

/// A value that a statement takes.
enum SQLValue {
  case null
  case int(Int64)
  case text(String)
  case bytes([UInt8])

  /// A number, or null.
  static func optional(_ number: Int?) -> SQLValue { number.map { .int(Int64($0)) } ?? .null }

  func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
    switch self {
    case .null: return sqlite3_bind_null(statement, place)
    case .int(let number): return sqlite3_bind_int64(statement, place, number)
    case .text(var text):
      return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text(
            statement, place, $0.baseAddress ?? Self.nothing, Int32($0.count), Self.copied)
        }
      }
    case .bytes(let bytes):
      return bytes.withUnsafeBytes {
        // A null address would be a null.
        sqlite3_bind_blob(
          statement, place, $0.baseAddress ?? UnsafeRawPointer(Self.nothing), Int32($0.count),
          Self.copied)
      }
    }
  }

  /// Tells SQLite to copy what it is given.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  /// An address for empty values.
  nonisolated(unsafe) private static let nothing: UnsafePointer<CChar> = {
    let address = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    address.initialize(to: 0)
    return UnsafePointer(address)
  }()
}

/// The row that a statement stands on; good until it moves on.
struct SQLRow {
  private let statement: OpaquePointer

  init(_ statement: OpaquePointer) { self.statement = statement }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(statement, column) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, column))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }
}
