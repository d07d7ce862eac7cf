public import MartletColumns
public import MartletParquet

/// A CSV file whose columns are the declared ones, by the names in its first line.
///
/// A field without bytes is null; an empty text is written `""`. Bytes are hexadecimal digits, lists
/// JSON. Columns that are not declared are passed over.
public struct CSVSource: Sendable {
  private let file: TextFileBytes
  private let declared: Schema
  private let zone: ZoneRules
  private let header: CSVHeader

  /// For each declared column, where it stands in the file.
  private let positions: [Int]

  /// About as many bytes as a row has, where the work is cut by rows.
  private static let usualRowBytes = 64

  /// The file of `bytes`, called `path`, which is to have the columns of `declared`.
  ///
  /// - Parameter zone: The clock that times were read from which do not say it themselves.
  public init(
    _ bytes: any ByteSource, named path: String, compressed compression: FileCompression = .none,
    declared: Schema, _ options: CSVOptions = CSVOptions(), zone: ZoneRules = .utc
  ) throws(SourceError) {
    file = TextFileBytes(path: path, bytes: bytes, compression: compression)
    self.declared = declared
    self.zone = zone
    let header = try CSVHeader(of: file, options, wanted: declared.fields.map(\.name))
    self.header = header
    var mismatches: [SourceError.Mismatch] = []
    var positions: [Int] = []
    let places = Dictionary(grouping: header.names.indices) { header.names[$0] }
    for field in declared.fields {
      let found = places[field.name] ?? []
      positions += found.prefix(1)
      guard found.count != 1 else { continue }
      mismatches.append(
        SourceError.Mismatch(
          column: field.name, declared: "\(field.type)",
          found: found.isEmpty ? nil : "\(found.count) columns of that name"))
    }
    guard mismatches.isEmpty else {
      throw SourceError(attempt: "reading `\(path)`", reason: .otherColumns(mismatches))
    }
    self.positions = positions
  }

  /// Parts of the file that begin with a record each.
  public func stretches(of rowCount: Int) -> [Range<Int>] {
    guard file.compression == .none else { return [0..<Int.max] }
    let (byteCount, isOut) = rowCount.multipliedReportingOverflow(by: Self.usualRowBytes)
    guard !isOut else { return [0..<Int.max] }
    let stretches = LineStretches(of: byteCount, quote: header.options.quote)
    // What cannot be looked through cannot be read either, and reading says why.
    return (try? stretches.cut(file.bytes)) ?? [0..<Int.max]
  }

  /// Hands `body` the rows of a stretch, batch by batch, with the declared types.
  public func read(
    _ stretch: Range<Int>, batchRowCount: Int, _ body: (Batch) throws -> Void
  ) throws {
    var batches = TextBatches(
      declared, .csv, at: positions, zone: zone, batchRowCount: batchRowCount)
    let width = max(header.names.count, 1)
    var records = CSVRecords(
      try file.reading("the header") { try file.stream(stretch) }, header.options)
    if stretch.lowerBound == 0, header.isInFile {
      _ = try file.reading("the header") { try records.skip(1) }
    }
    while true {
      var batch: Batch?
      let count = batches.worthwhileRowCount(of: width)
      do {
        let isMore = try records.next(count, width: width) { batch = try batches.append($0) }
        guard isMore else { break }
      } catch {
        throw file.located(error, at: batches.rowCount + rowCount(before: stretch))
      }
      if let batch { try body(batch) }
    }
    if let batch = batches.finish() { try body(batch) }
  }

  /// How many rows lie before a stretch: only an error asks, so they are counted then.
  private func rowCount(before stretch: Range<Int>) -> Int {
    guard stretch.lowerBound > 0 else { return 0 }
    var records = CSVRecords(PartStream(file.bytes, 0..<stretch.lowerBound), header.options)
    var count = header.isInFile ? -1 : 0
    // The rows before were read by others, who say what is wrong with them.
    while let more = try? records.skip(1_024), more > 0 { count += more }
    return max(count, 0)
  }
}
