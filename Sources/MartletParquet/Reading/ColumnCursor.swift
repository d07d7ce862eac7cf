import MartletColumns

/// Reads the rows of one column chunk from the first to the last, some at a time.
///
/// It belongs to one thread at a time.
final class ColumnCursor {
  let column: ParquetColumn
  let rule: ValueRule

  /// How the values are stored, where they are read so.
  let stored: StoredColumn?
  var pages: ColumnPages
  private let type: ColumnType

  /// The rows that have been read or passed over.
  private var row = 0
  private let place: ParquetError.Place

  /// How many times outside dictionaries were floored to a whole microsecond.
  var flooredValueCount = 0

  /// The chunk of `column` in row group `index`, which `chunk` describes.
  init(
    _ column: ParquetColumn, _ source: any ByteSource, _ chunk: ColumnChunk, rowCount: Int,
    rowGroup index: Int, as form: ValueForm = .meant
  ) throws(ParquetError) {
    place = .init(rowGroup: index, column: column.name)
    self.column = column
    do throws(ParquetError) {
      stored = form == .stored ? try StoredColumn(column) : nil
      if let stored { type = stored.carrier } else { type = try column.type.get() }
      guard let rule = stored?.rule ?? column.rule else { throw .unsupported("this column") }
      self.rule = rule
      pages = try ColumnPages(column, rule, source, chunk, rowCount: rowCount)
    } catch { throw error.within(place) }
  }

  /// How many times were floored to a whole microsecond so far.
  var flooredCount: Int { pages.flooredCount + flooredValueCount }

  /// The pages that were read so far.
  var verifiedPages: ParquetFile.VerifiedPages { pages.pages.verified }

  private var isPacked: Bool { stored?.isPacked ?? false }

  /// The next `rowCount` rows, which must be there.
  func read(_ rowCount: Int) throws(ParquetError) -> Column {
    do throws(ParquetError) {
      let column =
        isPacked
        ? try readPacked(rowCount)
        : pages.isNested ? try readLists(rowCount) : try readFlat(rowCount)
      row += rowCount
      return column
    } catch { throw error.within(pages.pages.place).within(place) }
  }

  /// Steps over the next `rowCount` rows, without looking into pages that hold no others; where the
  /// file has a page index, without touching them.
  func skip(_ rowCount: Int) throws(ParquetError) {
    do throws(ParquetError) {
      let passed = try pages.seek(to: row + rowCount, from: row)
      row += passed
      var wanted = rowCount - passed
      while wanted > 0 {
        if !pages.isNested, pages.left == 0 {
          let before = wanted
          try pages.begin(skippingUpTo: &wanted)
          row += before - wanted
          if pages.left == 0 { continue }
        }
        let step = min(wanted, pages.isNested ? 4_096 : pages.left, 65_536)
        _ = try read(step)
        wanted -= step
      }
    } catch { throw error.within(pages.pages.place).within(place) }
  }

  /// The most bytes that a batch may unfold to: what a dictionary or a delta encoding makes of the
  /// chunk's own size.
  var mostBytes: Int {
    let (product, isOver) = pages.chunkRange.count.multipliedReportingOverflow(by: 1_024)
    return isOver ? .max : max(product, 1 << 26)
  }

  func newSink(expecting count: Int = 0) -> ValueSink {
    ValueSink(mostBytes: mostBytes, expecting: count)
  }

  private func readFlat(_ rowCount: Int) throws(ParquetError) -> Column {
    var sink = newSink(expecting: rowCount)
    var wanted = rowCount
    while wanted > 0 {
      if pages.left == 0 { try pages.begin() }
      let step = min(wanted, pages.left)
      let presence = try pages.definitions?.readPresence(step)
      try pages.append(step, presence, to: &sink)
      pages.left -= step
      wanted -= step
    }
    flooredValueCount += sink.flooredCount
    return sink.finish(as: type)
  }
}
