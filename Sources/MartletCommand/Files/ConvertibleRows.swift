import MartletColumns
import MartletParquet
import MartletSources

/// The rows of a file that are to be written to another: the port behind which the kinds of files differ.
protocol ConvertibleRows: AnyObject {
  /// The columns that are written.
  var schema: Schema { get }

  /// How many rows there are.
  var rowCount: Int { get }

  /// What the file says of how its rows are stored.
  var options: WritingOptions { get }

  /// What was lost on the way, once all rows were read.
  var remark: String? { get }

  /// Hands `body` all rows in their order, batch by batch.
  func read(_ body: (Batch) throws -> Void) throws
}

/// The rows of a Parquet file: to Parquet as they are stored, to text as they are meant.
final class ParquetRowsToConvert: ConvertibleRows {
  let rowCount: Int
  let options: WritingOptions
  private let path: String
  private var reader: BatchReader

  init(
    _ file: ParquetFile, at path: String, columns: [String]?, to target: FileFormat,
    _ workers: Workers
  ) throws(ParquetError) {
    self.path = path
    rowCount = file.rowCount
    let isStored = target.kind == .parquet
    reader = try BatchReader(
      file, columns: columns, as: isStored ? .stored : .meant, forEach: { workers.forEach($0, $1) })
    var options = WritingOptions()
    options.stored = reader.stored
    if isStored { options.notes = file.notes(keepingAllColumns: columns == nil) }
    self.options = options
  }

  var schema: Schema { reader.schema }

  func read(_ body: (Batch) throws -> Void) throws {
    while let batch = try reader.next() { try body(batch) }
  }

  var remark: String? {
    guard reader.flooredCount > 0 else { return nil }
    let times = count(reader.flooredCount, "time")
    return "`\(path)`: \(times) cut to whole microseconds, which is what text is written in"
  }
}

extension ParquetFile {
  /// The footer's notes. Those that describe all columns in order go where some are left out.
  fileprivate func notes(keepingAllColumns: Bool) -> [(key: String, value: String)] {
    (metadata.keyValues ?? []).compactMap { note in
      guard keepingAllColumns || !["ARROW:schema", "pandas"].contains(note.key) else { return nil }
      return note.value.map { (note.key, $0) }
    }
  }
}

/// The rows of a file of text: with the types that fit them, but from CSV to CSV as they are written,
/// since 1.50 is to stay 1.50.
final class TextRowsToConvert: ConvertibleRows {
  let schema: Schema
  let options = WritingOptions()
  let remark: String? = nil
  private let table: TextTable
  private let invocation: Invocation

  init(
    _ table: TextTable, columns: [String]?, to target: FileFormat, _ invocation: Invocation
  ) throws {
    self.table = table
    self.invocation = invocation
    schema = try table.schema(
      of: columns, asWritten: table.description.format.kind.isCSV && target.kind.isCSV)
  }

  var rowCount: Int { table.description.rowCount }

  func read(_ body: (Batch) throws -> Void) throws { try table.read(schema, invocation, body) }
}
