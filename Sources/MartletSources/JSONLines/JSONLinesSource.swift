public import MartletColumns
public import MartletParquet

/// A file of JSON Lines whose members are the declared columns: an object a line.
///
/// A member that is null or not there is null. A column `a.b` is the member `b` of the member `a`.
/// Times are ISO 8601 in quotes, bytes hexadecimal digits in quotes, lists and vectors arrays; a number
/// that is not finite is its name in quotes. Members that are not declared are passed over.
public struct JSONLinesSource: Sendable {
  private let file: TextFileBytes
  private let declared: Schema
  private let zone: ZoneRules

  /// About as many bytes as a row has, where the work is cut by rows.
  private static let usualRowBytes = 128

  /// The file of `bytes`, called `path`, which is to have the columns of `declared`.
  ///
  /// Rows are looked at until a member was met for every column, which most often the first one has.
  ///
  /// - Parameter zone: The clock that times were read from which do not say it themselves.
  public init(
    _ bytes: any ByteSource, named path: String, compressed compression: FileCompression = .none,
    declared: Schema, zone: ZoneRules = .utc
  ) throws(SourceError) {
    file = TextFileBytes(path: path, bytes: bytes, compression: compression)
    self.declared = declared
    self.zone = zone
    let found = try mismatches()
    guard found.isEmpty else {
      throw SourceError(attempt: "reading `\(path)`", reason: .otherColumns(found))
    }
  }

  /// The declared columns of which no row has a member, or the first row that has one has another type.
  ///
  /// A file without rows has every column.
  private func mismatches() throws(SourceError) -> [SourceError.Mismatch] {
    var lines = JSONLines(
      try file.reading("row 1") { try file.stream() }, declared.fields.map(\.name))
    var kinds = [TextPlace.Kind?](repeating: nil, count: declared.count)
    var rowCount = 0
    while lines.met.contains(false) {
      do {
        let isMore = try lines.next(1_024) { rows in
          rowCount += rows.count
          for (index, place) in rows.places.enumerated() where !place.isNull {
            kinds[index % rows.width] = kinds[index % rows.width] ?? place.kind
          }
        }
        guard isMore else { break }
      } catch {
        throw file.located(error, at: rowCount)
      }
    }
    guard rowCount > 0 else { return [] }
    return zip(declared.fields, zip(lines.met, kinds)).compactMap { field, found in
      let (isMet, kind) = found
      if isMet, kind.map({ FieldColumn.canRead($0, as: field.type, .json) }) ?? true { return nil }
      return SourceError.Mismatch(
        column: field.name, declared: "\(field.type)", found: isMet ? kind?.spoken : nil)
    }
  }

  /// Parts of the file that begin with a line each. No line's end stands within a row, since JSON
  /// escapes those of its texts.
  public func stretches(of rowCount: Int) -> [Range<Int>] {
    guard file.compression == .none else { return [0..<Int.max] }
    let (byteCount, isOut) = rowCount.multipliedReportingOverflow(by: Self.usualRowBytes)
    guard !isOut else { return [0..<Int.max] }
    // What cannot be looked through cannot be read either, and reading says why.
    return (try? LineStretches(of: byteCount, quote: nil).cut(file.bytes)) ?? [0..<Int.max]
  }

  /// Hands `body` the rows of a stretch, batch by batch, with the declared types.
  public func read(
    _ stretch: Range<Int>, batchRowCount: Int, _ body: (Batch) throws -> Void
  ) throws {
    var batches = TextBatches(
      declared, .json, at: Array(0..<declared.count), zone: zone, batchRowCount: batchRowCount)
    var lines = JSONLines(
      try file.reading("row 1") { try file.stream(stretch) }, declared.fields.map(\.name))
    while true {
      var batch: Batch?
      let count = batches.worthwhileRowCount(of: declared.count)
      do {
        let isMore = try lines.next(count) { batch = try batches.append($0) }
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
    var lines = JSONLines(PartStream(file.bytes, 0..<stretch.lowerBound), [])
    var count = 0
    // The rows before were read by others, who say what is wrong with them.
    while let more = try? lines.skip(), more { count += 1 }
    return count
  }
}
