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
  }

  private let body: UnsafeRawBufferPointer

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
    guard value.count >= RowBlock.headerSizeInBytes, value[1] == RowBlock.Kind.index.rawValue else {
      return nil
    }
    var reader = ByteReader(value)
    let header = try RowBlock.Header(&reader)
    guard header.kind == .index, header.layout == layout else { throw RowsError("layout") }
    body = try reader.take(header.byteCount, "index")
    end = RowBlock.headerSizeInBytes + header.byteCount
    var fields = ByteReader(body)
    let found = try fields.readWord("names")
    idCount = Int(clamping: try fields.readWord("id count"))
    pageCount = header.rowCount
    _ = try fields.take(pageCount, of: Self.pageSize, "pages")
    _ = try fields.take(idCount, of: 8, "ids")
    guard found == names else { return nil }
  }

  /// Page `number`, oldest first.
  func page(_ number: Int) throws(RowsError) -> Page {
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: body[(Self.headSize + number * Self.pageSize)...]))
    let first = Int64(bitPattern: try reader.readWord("first"))
    let last = Int64(bitPattern: try reader.readWord("last"))
    let lastMissing = Int64(bitPattern: try reader.readWord("seen"))
    let rowCount = Int(try reader.readHalf("rows"))
    let offset = Int(try reader.readHalf("offset"))
    let size = Int(try reader.readHalf("size"))
    return Page(
      first: first, last: last, lastMissing: lastMissing, rowCount: rowCount,
      block: end + offset..<end + offset + size, states: Int(try reader.readHalf("states")))
  }

  /// The states of `page`.
  func states(of page: Page) throws(RowsError) -> StateReader {
    guard page.states <= body.count - 4 else { throw RowsError("states") }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: body[page.states...]))
    let size = Int(try reader.readHalf("states"))
    return StateReader(Array(try reader.take(size, "states")))
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
