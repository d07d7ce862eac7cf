public import MartletColumns

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
  /// - Parameter zone: The clock that times were read from which do not say it themselves.
  public static func open(
    _ path: String, declared: Schema, zone: ZoneRules
  ) throws(SourceError) -> any RowSource {
    if path.hasSuffix(".parquet") { return try ParquetSource(path, declared: declared) }
    if path.hasSuffix(".csv") { return try CSVSource(path, declared: declared, zone: zone) }
    throw SourceError(attempt: "reading `\(path)`", reason: .unknownKind)
  }
}

extension ParquetSource: RowSource {
  public func read(_ stretch: Range<Int>, _ body: (Batch) throws -> Void) throws {
    try read(stretch, batchRowCount: 65_536, body)
  }
}

extension CSVSource: RowSource {
  public func stretches(of rowCount: Int) -> [Range<Int>] { [0..<Int.max] }

  public func read(_ stretch: Range<Int>, _ body: (Batch) throws -> Void) throws {
    try read(batchRowCount: 65_536, body)
  }
}
