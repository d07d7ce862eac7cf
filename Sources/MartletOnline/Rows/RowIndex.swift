import MartletAggregates
import MartletColumns

/// What stands before the pages of an entity with many rows of events, so that few of them are read.
///
///     value   index │ page │ page │ … │ page │ appended │ appended
///
///     index   names │ ids │ page: first, last, seen, rows, offset, size, states │ … │ id … │ state …
///             8 bytes 8     8      8     8     4     4       4     4
///
/// Pages are blocks of rows that follow each other in time; an id is in them once. Of each page the
/// states of the set's measures are kept, so that a window takes whole pages by their states and reads
/// rows at its edges alone. `names` tells which measures: states of others are of no use.
///
/// A table of contents is the same, of the chapters that lie under keys behind the entity's own: an
/// offset is the chapter's number, and no ids are here, since they have keys as well.
///
/// Everything counts from the beginning of the index's body, offsets of pages from its end.
struct RowIndex {
  /// One page.
  struct Page {
    /// The first and the last event time.
    var first: Int64
    var last: Int64

    /// The last question that does not see all of its rows.
    var lastMissing: Int64
    var rowCount: Int

    /// Where its block lies in the value, and where its states lie.
    var block: Range<Int>
    var states: Int

    /// The number of the chapter, where this is one.
    var chapter: UInt32
  }

  private let body: UnsafeRawBufferPointer

  /// Whether the rows are in chapters and not behind the index.
  let holdsChapters: Bool

  /// Whether the states are of the measures that were asked for.
  let hasStates: Bool

  /// Where the index ends in its value.
  let end: Int
  let pageCount: Int
  private let idCount: Int

  static let pageSize = 40
  static let headSize = 16

  /// The hash that stands for the names of measures.
  static func hash(of names: [String]) -> UInt64 {
    var text = names.joined(separator: "\n")
    return text.withUTF8 { XXHash64.hash(UnsafeRawBufferPointer($0)) }
  }

  /// The index that `value` begins with; `nil` where it begins with rows.
  init?(
    of value: UnsafeRawBufferPointer, layout: UInt32, names: UInt64
  ) throws(RowsError) {
    guard value.count >= RowBlock.headerSizeInBytes, value[1] != RowBlock.Kind.rows.rawValue else {
      return nil
    }
    var reader = ByteReader(value)
    let header = try RowBlock.Header(&reader)
    guard header.layout == layout else { throw RowsError("layout") }
    holdsChapters = header.kind == .contents
    body = try reader.take(header.byteCount, "index")
    end = RowBlock.headerSizeInBytes + header.byteCount
    var fields = ByteReader(body)
    let found = try fields.readWord("names")
    idCount = Int(clamping: try fields.readWord("id count"))
    pageCount = header.rowCount
    _ = try fields.take(pageCount, of: Self.pageSize, "pages")
    _ = try fields.take(idCount, of: 8, "ids")
    hasStates = found == names
  }

  /// Where the pages end and what was appended begins.
  func endOfPages() throws(RowsError) -> Int {
    if holdsChapters || pageCount == 0 { return end }
    return try page(pageCount - 1).block.upperBound
  }

  /// Page `number`, oldest first.
  func page(_ number: Int) throws(RowsError) -> Page {
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: body[(Self.headSize + number * Self.pageSize)...]))
    let first = Int64(bitPattern: try reader.readWord("first"))
    let last = Int64(bitPattern: try reader.readWord("last"))
    let lastMissing = Int64(bitPattern: try reader.readWord("seen"))
    let rowCount = Int(try reader.readHalf("rows"))
    let chapter = try reader.readHalf("offset")
    let offset = holdsChapters ? 0 : Int(chapter)
    let size = Int(try reader.readHalf("size"))
    return Page(
      first: first, last: last, lastMissing: lastMissing, rowCount: rowCount,
      block: end + offset..<end + offset + size, states: Int(try reader.readHalf("states")),
      chapter: chapter)
  }

  /// The entry of `page`, to be written again.
  func summary(of page: Page) throws(RowsError) -> RowSummary {
    RowSummary(
      first: page.first, last: page.last, lastMissing: page.lastMissing, rowCount: page.rowCount,
      offset: page.chapter, size: 0, states: try stateBytes(of: page))
  }

  /// The states of `page`.
  func states(of page: Page) throws(RowsError) -> StateReader {
    StateReader(try stateBytes(of: page))
  }

  private func stateBytes(of page: Page) throws(RowsError) -> [UInt8] {
    guard page.states <= body.count - 4 else { throw RowsError("states") }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: body[page.states...]))
    let size = Int(try reader.readHalf("states"))
    return Array(try reader.take(size, "states"))
  }

  /// Whether some row of the pages has an id of this hash.
  func holds(id: UInt64) -> Bool {
    let start = Self.headSize + pageCount * Self.pageSize
    var (low, high) = (0, idCount)
    while low < high {
      let middle = (low + high) / 2
      let found = UInt64(
        littleEndian: body.loadUnaligned(fromByteOffset: start + middle * 8, as: UInt64.self))
      if found == id { return true }
      if found < id { low = middle + 1 } else { high = middle }
    }
    return false
  }
}
