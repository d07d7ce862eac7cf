import Glibc
public import MartletColumns

/// A table of a SQLite database whose columns are the declared ones.
///
/// Columns are matched by name. SQLite's values have types of their own, so each is held against the
/// declaration: an int or a double where a double is declared, 0 or 1 for a bool, ISO 8601 for a time,
/// a blob for bytes, JSON for lists and vectors.
public struct SQLiteSource: Sendable {
  private let path: String
  private let table: String
  private let declared: Schema
  private let zone: ZoneRules

  /// A batch ends where its texts reach this, however few its rows.
  private static let mostBatchBytes = 64 << 20

  /// The table called `table` in the database at `path`, which is to have the columns of `declared`.
  ///
  /// What lies in a write-ahead log beside the file is no part of the file that a run remembers by its
  /// content: the log must be empty.
  ///
  /// - Parameter zone: The clock that times were read from which do not say it themselves.
  public init(
    _ path: String, table: String, declared: Schema, zone: ZoneRules = .utc
  ) throws(SourceError) {
    self.path = path
    self.table = table
    self.declared = declared
    self.zone = zone
    _ = try LocalFile(path)
    var log = stat()
    guard stat(path + "-wal", &log) != 0 || log.st_size == 0 else {
      throw failure(
        .damaged(
          "changes lie in its write-ahead log; `PRAGMA wal_checkpoint(TRUNCATE)` brings them into"
            + " the file"))
    }
    let names = try reading { try SQLiteTable(table, in: path).columnNames() }
    guard !names.isEmpty else { throw failure(.damaged("there is no table `\(table)`")) }
    let mismatches = declared.fields.filter { !names.contains($0.name) }.map { field in
      SourceError.Mismatch(column: field.name, declared: "\(field.type)", found: nil)
    }
    guard mismatches.isEmpty else { throw failure(.otherColumns(mismatches)) }
  }

  /// Hands `body` the rows, batch by batch, with the declared types.
  public func read(batchRowCount: Int, _ body: (Batch) throws -> Void) throws {
    let rows = try reading {
      let rows = try SQLiteTable(table, in: path)
      try rows.select(declared.fields.map(\.name))
      return rows
    }
    let columns = declared.fields.map { ColumnBuilder($0.type) }
    var (row, rowCount, byteCount) = (0, 0, 0)
    func hand() throws {
      let finished = columns.map { $0.finish() }
      try body(Batch(declared, finished, rowCount: rowCount))
      (rowCount, byteCount) = (0, 0)
    }
    while try reading({ try rows.step() }) {
      for (place, field) in declared.fields.enumerated() {
        let cell = rows.cell(place)
        guard let value = value(of: cell, field.type), columns[place].append(value) else {
          throw failure(
            .badValue(column: field.name, row: row, found: cell.spoken, type: field.type))
        }
        byteCount += cell.byteCount
      }
      row += 1
      rowCount += 1
      if rowCount == batchRowCount || byteCount >= Self.mostBatchBytes { try hand() }
    }
    if rowCount > 0 { try hand() }
  }

  private func value(of cell: SQLiteTable.Cell, _ type: ColumnType) -> Value? {
    switch (cell, type) {
    case (.null, _): .null
    case (.int(let number), .int): .int(number)
    case (.int(let number), .double): Double(exactly: number).map { .double($0) }
    case (.double(let number), .double): .double(number)
    case (.int(let number), .bool): 0...1 ~= number ? .bool(number == 1) : nil
    case (.text(let text), .string):
      FieldText.isUnicode(text) ? .string(String(decoding: text, as: UTF8.self)) : nil
    case (.text(let text), .time):
      FieldText.time(text, zone: zone).map { .time(Instant(microseconds: $0)) }
    case (.blob(let bytes), .bytes): .bytes(Array(bytes))
    case (.text(let text), .list), (.text(let text), .vector):
      JSONValue.value(of: type, in: text, zone: zone)
    default: nil
    }
  }

  private func failure(_ reason: SourceError.Reason) -> SourceError {
    SourceError(attempt: "reading the table `\(table)` of `\(path)`", reason: reason)
  }

  private func reading<Result>(_ body: () throws -> Result) throws(SourceError) -> Result {
    do { return try body() } catch { throw failure(.damaged("\(error)")) }
  }
}

extension SQLiteTable.Cell {
  /// The value as an error shows it.
  fileprivate var spoken: String {
    switch self {
    case .null: "null"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .text(let text): "`\(String(decoding: text.prefix(100), as: UTF8.self))`"
    case .blob(let bytes): "a blob of \(bytes.count) bytes"
    }
  }

  fileprivate var byteCount: Int {
    switch self {
    case .text(let bytes), .blob(let bytes): bytes.count
    case .null, .int, .double: 8
    }
  }
}
