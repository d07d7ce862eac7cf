import MartletAggregates
import MartletColumns

/// What stands before the pages of an entity with many rows of events, so that few of them are read.
///
///     value   index │ states │ ids │ page │ page │ … │ page │ appended │ appended
///
///     index   head  │ page: first, last, seen, rows, offset, size, states, rest │ … │ tile: seen, states │ …
///             32         8      8     8     4     4       4     4       4                  8     4
///     head    names │ seen │ ids │ pages of a tile │ bytes of states
///             8       8      8     4                 4
///
/// Pages are blocks of rows that follow each other in time; an id is in them once. Of each page the
/// states of the set's measures are kept, and of each page with all behind it: the *rest*. A window that
/// ends behind the last page is the rows of the page where it starts and the rest behind that, whatever
/// its length.
///
/// Tiles join the states of neighbouring pages, larger ones those of neighbouring tiles. They answer
/// what rests do not: questions that do not see the last rows yet, and measures with large states, which
/// have no rests. `names` tells which measures all of these are of: states of others are of no use. The
/// ids are a block of their own, which is looked at where something was appended.
///
/// A table of contents is the same, of the chapters that lie under keys behind the entity's own: an
/// offset is the chapter's number, and no ids are here, since they have keys as well.
///
/// The states are a block behind the index, each a `StateRecord` with a checksum of its own, so that a
/// reader pays for the index and what it joins. Offsets of pages count from where the first begins.
struct RowIndex {
  /// One page.
  struct Page {
    /// The first and the last event time.
    var first: Int64
    var last: Int64

    /// The last question that does not see all of its rows.
    var lastMissing: Int64
    var rowCount: Int

    /// Where its block lies in the value, and where its states and those of the rest lie.
    var block: Range<Int>
    var states: Int
    var rest: Int

    /// The number of the chapter, where this is one.
    var chapter: UInt32
  }

  /// Some pages at once.
  struct Tile {
    /// The last question that does not see all of their rows.
    var lastMissing: Int64
    var states: Int
  }

  private let body: UnsafeRawBufferPointer
  private let records: UnsafeRawBufferPointer

  /// Whether the rows are in chapters and not behind the index.
  let holdsChapters: Bool

  /// Whether the states are of the measures that were asked for.
  let hasStates: Bool

  /// The last question that does not see all rows of the pages.
  let lastMissing: Int64

  /// Where the states end in their value, and where the pages begin.
  private let statesEnd: Int
  let end: Int
  let pageCount: Int

  /// How many pages the smallest tiles join, and how many of those the larger.
  let pagesOfTile: Int
  private let idCount: Int

  static let headSize = 32
  static let pageSize = 44
  static let tileSize = 12

  /// How many sizes of tiles there are.
  static let tileSizeCount = 2

  /// The hash that stands for the names of measures.
  static func hash(of names: [String]) -> UInt64 {
    var text = names.joined(separator: "\n")
    return text.withUTF8 { XXHash64.hash(UnsafeRawBufferPointer($0)) }
  }

  /// Whether `value` is a table of contents, whose rows lie under other keys.
  static func isContents(_ value: UnsafeRawBufferPointer) -> Bool {
    value.count >= RowBlock.headerSizeInBytes && value[1] == RowBlock.Kind.contents.rawValue
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
    guard header.kind == .index || header.kind == .contents else { throw RowsError("kind") }
    holdsChapters = header.kind == .contents
    body = try reader.take(header.byteCount, "index")
    let indexEnd = RowBlock.headerSizeInBytes + header.byteCount
    var fields = ByteReader(body)
    hasStates = try fields.readWord("names") == names
    lastMissing = Int64(bitPattern: try fields.readWord("seen"))
    idCount = Int(clamping: try fields.readWord("id count"))
    pagesOfTile = Int(try fields.readHalf("pages of a tile"))
    let recordSize = Int(try fields.readHalf("bytes of states"))
    pageCount = header.rowCount
    _ = try fields.take(pageCount, of: Self.pageSize, "pages")
    guard pagesOfTile >= 2, idCount <= value.count / 8 else { throw RowsError("index") }
    for size in 1...Self.tileSizeCount {
      let count = Self.tileCount(size, of: pageCount, pagesOfTile)
      _ = try fields.take(count, of: Self.tileSize, "tiles")
    }
    // The states are looked at one by one, each with its checksum.
    _ = try reader.take(RowBlock.headerSizeInBytes, "states")
    records = try reader.take(recordSize, "states")
    statesEnd = indexEnd + RowBlock.headerSizeInBytes + recordSize
    end = idCount == 0 ? statesEnd : statesEnd + RowBlock.headerSizeInBytes + idCount * 8
  }

  /// How many pages a tile of size `size` joins, 1 being the smallest.
  @inline(__always)
  func pages(ofTile size: Int) -> Int { size == 1 ? pagesOfTile : pagesOfTile &* pagesOfTile }

  private static func tileCount(_ size: Int, of pageCount: Int, _ pagesOfTile: Int) -> Int {
    size == 1 ? pageCount / pagesOfTile : pageCount / pagesOfTile / pagesOfTile
  }

  /// Where the pages end and what was appended begins.
  func endOfPages() throws(RowsError) -> Int {
    if holdsChapters || pageCount == 0 { return end }
    return try page(pageCount - 1).block.upperBound
  }

  /// The first page that has rows from `moment` on; the number of pages where none has.
  func firstPage(from moment: Int64) -> Int {
    var (low, high) = (0, pageCount)
    while low < high {
      let middle = (low &+ high) &>> 1
      if word(Self.headSize &+ middle &* Self.pageSize &+ 8) < moment {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Page `number`, oldest first.
  func page(_ number: Int) throws(RowsError) -> Page {
    guard number >= 0, number < pageCount else { throw RowsError("pages") }
    let start = Self.headSize + number * Self.pageSize
    let chapter = half(start + 28)
    let offset = holdsChapters ? 0 : Int(chapter)
    let size = Int(half(start + 32))
    return Page(
      first: word(start), last: word(start + 8), lastMissing: word(start + 16),
      rowCount: Int(half(start + 24)), block: end + offset..<end + offset + size,
      states: Int(half(start + 36)), rest: Int(half(start + 40)), chapter: chapter)
  }

  /// Tile `number` of those of size `size`; `nil` where its pages are not all there.
  func tile(_ number: Int, ofSize size: Int) -> Tile? {
    guard number >= 0, number < Self.tileCount(size, of: pageCount, pagesOfTile) else { return nil }
    let before = size == 1 ? 0 : Self.tileCount(1, of: pageCount, pagesOfTile)
    let start = Self.headSize + pageCount * Self.pageSize + (before + number) * Self.tileSize
    return Tile(lastMissing: word(start), states: Int(half(start + 8)))
  }

  // The head, pages and tiles are there: `init` went past them.
  @inline(__always)
  private func word(_ offset: Int) -> Int64 {
    Int64(littleEndian: body.loadUnaligned(fromByteOffset: offset, as: Int64.self))
  }

  @inline(__always)
  private func half(_ offset: Int) -> UInt32 {
    UInt32(littleEndian: body.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The entry of `page`, to be written again.
  func summary(of page: Page) throws(RowsError) -> RowSummary {
    RowSummary(
      first: page.first, last: page.last, lastMissing: page.lastMissing, rowCount: page.rowCount,
      offset: page.chapter, size: 0, states: try states(at: page.states).copied)
  }

  /// The states that lie at `offset`.
  func states(at offset: Int) throws(RowsError) -> StateRecord {
    try StateRecord(at: offset, of: records)
  }

  /// The ids of the pages' rows, in `value`, which this is the index of.
  func ids(in value: UnsafeRawBufferPointer) throws(RowsError) -> IdTable {
    guard idCount > 0 else { return IdTable(hashes: UnsafeRawBufferPointer(start: nil, count: 0)) }
    guard end <= value.count else { throw RowsError("ids") }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: value[statesEnd..<end]))
    let header = try RowBlock.Header(&reader)
    guard header.kind == .ids, header.byteCount == idCount * 8 else { throw RowsError("ids") }
    return IdTable(hashes: try reader.take(header.byteCount, "ids"))
  }

  /// The hashes of ids, ascending.
  struct IdTable {
    fileprivate let hashes: UnsafeRawBufferPointer

    /// Whether some row has an id of this hash.
    func holds(_ id: UInt64) -> Bool {
      var (low, high) = (0, hashes.count / 8)
      while low < high {
        let middle = (low + high) / 2
        let found = UInt64(
          littleEndian: hashes.loadUnaligned(fromByteOffset: middle * 8, as: UInt64.self))
        if found == id { return true }
        if found < id { low = middle + 1 } else { high = middle }
      }
      return false
    }
  }
}
