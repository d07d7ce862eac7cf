public import MartletColumns
public import MartletParquet

/// A file that gives typed rows of the declared columns: the port behind which each kind of file has
/// its reader.
public protocol RowSource: Sendable {
  /// The rows in stretches of about `rowCount`, so that several threads can read one each; a single
  /// one where the file can only be read from its beginning.
  func stretches(of rowCount: Int) -> [Range<Int>]

  /// Hands `body` the rows of a stretch, batch by batch, with the declared types.
  func read(_ stretch: Range<Int>, _ body: (Batch) throws -> Void) throws
}

/// Opens files by the ending of their names.
public enum RowSources {
  /// The file at `path`, which is to have the columns of `declared`.
  ///
  /// - Parameters:
  ///   - table: The table that is read, where the file is a SQLite database.
  ///   - zone: The clock that times were read from which do not say it themselves.
  public static func open(
    _ path: String, table: String? = nil, declared: Schema, zone: ZoneRules
  ) throws(SourceError) -> any RowSource {
    if let table { return try SQLiteSource(path, table: table, declared: declared, zone: zone) }
    guard let format = FileFormat(path: path) else {
      throw SourceError(attempt: "reading `\(path)`", reason: .unknownKind)
    }
    return try open(LocalFile(path), named: path, format, declared: declared, zone: zone)
  }

  /// The file of `bytes`, called `path`, which is to have the columns of `declared`.
  public static func open(
    _ bytes: any ByteSource, named path: String, _ format: FileFormat, declared: Schema,
    zone: ZoneRules
  ) throws(SourceError) -> any RowSource {
    switch format.kind {
    case .parquet:
      return try ParquetSource(bytes, named: path, declared: declared, zone: zone)
    case .csv, .tsv:
      let options = CSVOptions(delimiter: format.kind == .tsv ? UInt8(ascii: "\t") : nil)
      return try CSVSource(
        bytes, named: path, compressed: format.compression, declared: declared, options, zone: zone)
    case .jsonLines:
      return try JSONLinesSource(
        bytes, named: path, compressed: format.compression, declared: declared, zone: zone)
    }
  }
}

extension ParquetSource: RowSource {
  public func read(_ stretch: Range<Int>, _ body: (Batch) throws -> Void) throws {
    try read(stretch, batchRowCount: 65_536, body)
  }
}

extension CSVSource: RowSource {
  public func read(_ stretch: Range<Int>, _ body: (Batch) throws -> Void) throws {
    try read(stretch, batchRowCount: 65_536, body)
  }
}

extension JSONLinesSource: RowSource {
  public func read(_ stretch: Range<Int>, _ body: (Batch) throws -> Void) throws {
    try read(stretch, batchRowCount: 65_536, body)
  }
}

extension SQLiteSource: RowSource {
  public func stretches(of rowCount: Int) -> [Range<Int>] { [0..<Int.max] }

  public func read(_ stretch: Range<Int>, _ body: (Batch) throws -> Void) throws {
    try read(batchRowCount: 65_536, body)
  }
}
