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
  /// - Parameters:
  ///   - compression: How a file of text is compressed as a whole; a Parquet file compresses its pages.
  ///   - options: How a Parquet file is written. Of text they say one thing, the level of zstd.
  public static func make(
    _ kind: FileFormat.Kind, compressed compression: FileCompression = .none, _ schema: Schema,
    _ options: WritingOptions = WritingOptions(),
    forEach: @escaping ParquetWriter<any Error>.ForEach = BatchReader.oneByOne,
    sink: @escaping Sink
  ) -> any TableWriter {
    let level = options.compression.codec == .zstd ? options.compression.level : 3
    func text() -> any ByteSink { compression.sink(sink, zstdLevel: level) }
    return switch kind {
    case .parquet: ParquetTableWriter(schema, options, forEach: forEach, sink: sink)
    case .csv: CSVWriter(schema, delimiter: UInt8(ascii: ","), sink: text())
    case .tsv: CSVWriter(schema, delimiter: UInt8(ascii: "\t"), sink: text())
    case .jsonLines: JSONLinesWriter(schema, sink: text())
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
