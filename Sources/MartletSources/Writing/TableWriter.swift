public import MartletColumns
public import MartletParquet

/// A file of rows that is being written: the port behind which each kind of file has its writer.
///
/// What it writes, the reader of its kind reads as the same values.
public protocol TableWriter: AnyObject {
  /// Adds rows.
  func append(_ batch: Batch) throws

  /// Writes what is left. Nothing is added behind it.
  func finish() throws
}

/// Makes writers by kind.
public enum TableWriters {
  /// Takes the file's next bytes.
  public typealias Sink = (Span<UInt8>) throws -> Void

  /// A writer of a file of `kind` with the columns of `schema`.
  ///
  /// - Parameter options: How a Parquet file is written; those of text have none.
  public static func make(
    _ kind: FileFormat.Kind, _ schema: Schema, _ options: WritingOptions = WritingOptions(),
    forEach: @escaping ParquetWriter<any Error>.ForEach = BatchReader.oneByOne,
    sink: @escaping Sink
  ) -> any TableWriter {
    switch kind {
    case .parquet: ParquetTableWriter(schema, options, forEach: forEach, sink: sink)
    case .csv: CSVWriter(schema, delimiter: UInt8(ascii: ","), sink: sink)
    case .tsv: CSVWriter(schema, delimiter: UInt8(ascii: "\t"), sink: sink)
    case .jsonLines: JSONLinesWriter(schema, sink: sink)
    }
  }
}

/// Rows written as Parquet.
private final class ParquetTableWriter: TableWriter {
  private var writer: ParquetWriter<any Error>?

  init(
    _ schema: Schema, _ options: WritingOptions,
    forEach: @escaping ParquetWriter<any Error>.ForEach, sink: @escaping TableWriters.Sink
  ) {
    writer = ParquetWriter(schema, options, forEach: forEach, sink: sink)
  }

  func append(_ batch: Batch) throws { try writer?.append(batch) }

  func finish() throws {
    guard let writer = writer.take() else { return }
    try writer.finish()
  }
}
