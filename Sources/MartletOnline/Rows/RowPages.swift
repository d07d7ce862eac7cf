import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Writes the rows of an entity: one block where they are few, pages behind an index where they are
/// many, chapters under keys of their own where they are very many.
///
///     few         rows
///     many        index │ states │ ids │ page │ page │ …
///     very many   contents │ states             and each chapter: index │ states │ page │ page │ …
struct RowPages {
  private let format: RowFormat
  private let writer: RowBlockWriter
  private let look: PageLook?
  private let sizing: Sizing

  /// A writer of the rows of `columns`, of `set`: of each entity by time, each id once.
  init(_ set: SetPlan, _ columns: [Column], _ sizing: Sizing) {
    self.sizing = sizing
    format = RowFormat(set)
    writer = RowBlockWriter(format, columns, .none)
    look = PageLook(set)
  }

  /// Hands `body` what an entity's key and the keys behind it hold, in their order, for the rows in
  /// `range`.
  func write<Failure: Error>(
    _ range: Range<Int>, of key: [UInt8], using bytes: inout ByteWriter,
    _ body: ([UInt8], UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    bytes.removeAll()
    guard look != nil, range.count > 2 * sizing.rowsOfChapter else {
      writeValue(range, to: &bytes)
      return try body(key, bytes.bytes)
    }
    // The contents come first by their key and are known last.
    var ids = RowIds()
    var ends: [Int] = []
    var all = ByteWriter(capacity: range.count * 48)
    let chapters = self.chapters(range, from: 0, ids: &ids) { _, value in
      all.write(value)
      ends.append(all.count)
    }
    writeContents(of: chapters, to: &bytes)
    try body(key, bytes.bytes)
    var start = 0
    for (chapter, end) in zip(chapters, ends) {
      let value = UnsafeRawBufferPointer(rebasing: all.bytes[start..<end])
      try body(EntityParts.chapter(chapter.offset, of: key), value)
      start = end
    }
    for id in ids.ascending {
      bytes.removeAll()
      bytes.write(UInt64(bitPattern: id.time))
      try body(EntityParts.id(id.hash, of: key), bytes.bytes)
    }
  }

  /// Writes the rows in `range` as chapters, of which the first has number `number`; hands `body` the
  /// number and the value of each.
  ///
  /// - Parameter ids: Takes the ids of all rows.
  func chapters(
    _ range: Range<Int>, from number: UInt32, ids: inout RowIds,
    _ body: (UInt32, UnsafeRawBufferPointer) -> Void
  ) -> [RowSummary] {
    guard let look else { return [] }
    let count = max(1, (range.count + sizing.rowsOfChapter - 1) / sizing.rowsOfChapter)
    let size = max(1, (range.count + count - 1) / count)
    var chapters: [RowSummary] = []
    var bytes = ByteWriter()
    for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
      let rows = start..<min(start + size, range.upperBound)
      bytes.removeAll()
      let pages = writePages(rows, to: &bytes, withIds: false, ids: &ids)
      var summary =
        pages.map { look.joined($0) } ?? look.summary(of: bytes.bytes, offset: 0, ids: &ids)
      summary.offset = number &+ UInt32(clamping: chapters.count)
      summary.size = 0
      body(summary.offset, bytes.bytes)
      chapters.append(summary)
    }
    return chapters
  }

  /// Appends a table of contents.
  func writeContents(of chapters: [RowSummary], to bytes: inout ByteWriter) {
    guard let look else { return }
    RowBlock.writeIndex(
      .contents, of: look.index(of: chapters, sizing.entriesOfTile), idCount: 0,
      layout: format.layout, to: &bytes)
  }

  /// Appends the rows in `range` as one value.
  private func writeValue(_ range: Range<Int>, to bytes: inout ByteWriter) {
    var ids = RowIds()
    _ = writePages(range, to: &bytes, withIds: true, ids: &ids)
  }

  /// Appends the rows in `range` as one value, and returns its pages; `nil` where they are few and have
  /// none.
  private func writePages(
    _ range: Range<Int>, to bytes: inout ByteWriter, withIds: Bool, ids: inout RowIds
  ) -> [RowSummary]? {
    guard let look, range.count >= 2 * sizing.rowsOfPage else {
      writer.write(range, to: &bytes)
      return nil
    }
    var pages = ByteWriter(capacity: range.count * 32)
    var entries: [RowSummary] = []
    for start in stride(from: range.lowerBound, to: range.upperBound, by: sizing.rowsOfPage) {
      let offset = pages.count
      writer.write(start..<min(start + sizing.rowsOfPage, range.upperBound), to: &pages)
      entries.append(
        look.summary(
          of: UnsafeRawBufferPointer(rebasing: pages.bytes[offset...]), offset: offset, ids: &ids))
    }
    let hashes = withIds ? ids.ascending.map(\.hash) : []
    RowBlock.writeIndex(
      .index, of: look.index(of: entries, sizing.entriesOfTile), idCount: hashes.count,
      layout: format.layout, to: &bytes)
    if !hashes.isEmpty { RowBlock.writeIds(hashes, layout: format.layout, to: &bytes) }
    bytes.write(pages.bytes)
    return entries
  }
}

/// The ids of rows, as hashes.
struct RowIds {
  private var all: [(hash: UInt64, time: Int64)] = []

  mutating func add(_ hash: UInt64, at time: Int64) { all.append((hash, time)) }

  /// The hash of each id and the time of its row, by hash, each once.
  var ascending: [(hash: UInt64, time: Int64)] {
    let sorted = all.sorted { $0 < $1 }
    return sorted.indices.filter { $0 == 0 || sorted[$0 - 1].hash != sorted[$0].hash }
      .map { sorted[$0] }
  }
}
