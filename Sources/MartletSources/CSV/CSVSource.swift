public import MartletColumns
import MartletParquet

/// A CSV file whose columns are the declared ones, by the names in its first line.
///
/// A field without bytes is null; an empty text is written `""`. Bytes are hexadecimal digits. Columns
/// that are not declared are passed over.
public struct CSVSource: Sendable {
  private let file: LocalFile
  private let declared: Schema
  private let delimiter: UInt8
  private let zone: ZoneRules

  /// For each column of the file, where it stands among the declared ones.
  private let positions: [Int?]

  /// No row of a file that is what it says is longer.
  private static let mostRowBytes = 16 << 20

  /// A batch ends where its texts reach this, however few its rows.
  private static let mostBatchBytes = 64 << 20

  /// Opens the file at `path`, which is to have the columns of `declared`.
  ///
  /// - Parameters:
  ///   - delimiter: What stands between two fields.
  ///   - zone: The clock that times were read from which do not say it themselves.
  public init(
    _ path: String, declared: Schema, delimiter: UInt8 = UInt8(ascii: ","), zone: ZoneRules = .utc
  ) throws(SourceError) {
    file = try LocalFile(path)
    self.declared = declared
    self.delimiter = delimiter
    self.zone = zone
    var records = Self.records(file, delimiter)
    var names: [String] = []
    if try Self.next(&records, row: nil, of: path) {
      names = records.withBytes { bytes in
        records.fields.map { String(decoding: bytes[$0.bytes], as: UTF8.self) }
      }
    }
    var mismatches: [SourceError.Mismatch] = []
    for field in declared.fields {
      let count = names.count { $0 == field.name }
      guard count != 1 || !FieldColumn.canHold(field.type) else { continue }
      let found = count == 0 ? nil : count == 1 ? "texts" : "\(count) columns of that name"
      mismatches.append(
        SourceError.Mismatch(column: field.name, declared: "\(field.type)", found: found))
    }
    if !mismatches.isEmpty {
      throw SourceError(attempt: "reading `\(path)`", reason: .otherColumns(mismatches))
    }
    positions = names.map { declared.position(of: $0) }
  }

  /// Hands `body` the rows, batch by batch, with the declared types.
  public func read(batchRowCount: Int, _ body: (Batch) throws -> Void) throws {
    var records = Self.records(file, delimiter)
    _ = try Self.next(&records, row: nil, of: file.path)
    let columns = declared.fields.map { FieldColumn($0.type, zone: zone) }
    var (row, rowCount, byteCount) = (0, 0, 0)
    func hand() throws {
      let finished = columns.map { $0.finish() }
      try body(Batch(declared, finished, rowCount: rowCount))
      (rowCount, byteCount) = (0, 0)
    }
    while try Self.next(&records, row: row, of: file.path) {
      byteCount += try append(records, row, to: columns)
      row += 1
      rowCount += 1
      if rowCount == batchRowCount || byteCount >= Self.mostBatchBytes { try hand() }
    }
    if rowCount > 0 { try hand() }
  }

  /// Appends a record's fields to their columns; returns how many bytes they are.
  private func append(
    _ records: CSVRecords, _ row: Int, to columns: [FieldColumn]
  ) throws(SourceError) -> Int {
    let fields = records.fields
    guard fields.count == positions.count else {
      throw damage(row, "it has \(fields.count) fields, the header \(positions.count)")
    }
    var byteCount = 0
    var refused: (position: Int, found: String)?
    records.withBytes { bytes in
      for (field, position) in zip(fields, positions) {
        guard let position else { continue }
        if field.bytes.isEmpty, !field.isQuoted {
          columns[position].appendNull()
          continue
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[field.bytes])
        guard columns[position].append(text) else {
          refused = (position, "`\(String(decoding: text.prefix(100), as: UTF8.self))`")
          return
        }
        byteCount += text.count
      }
    }
    if let refused {
      throw SourceError(
        attempt: "reading `\(file.path)`",
        reason: .badValue(
          column: declared.fields[refused.position].name, row: row, found: refused.found))
    }
    return byteCount
  }

  private func damage(_ row: Int, _ words: String) -> SourceError {
    SourceError(attempt: "reading `\(file.path)`", reason: .damaged("row \(row + 1): \(words)"))
  }

  private static func records(_ file: LocalFile, _ delimiter: UInt8) -> CSVRecords {
    CSVRecords(file, delimiter: delimiter, mostBytes: mostRowBytes, chunk: 1 << 20)
  }

  /// Steps to the next record; `row` is `nil` for the header.
  private static func next(
    _ records: inout CSVRecords, row: Int?, of path: String
  ) throws(SourceError) -> Bool {
    do {
      return try records.next()
    } catch let error as SourceError {
      throw error
    } catch {
      let words = (error as? CSVRecords.Damage)?.words ?? "\(error)"
      let place = row.map { "row \($0 + 1)" } ?? "the header"
      throw SourceError(attempt: "reading `\(path)`", reason: .damaged("\(place): \(words)"))
    }
  }
}
