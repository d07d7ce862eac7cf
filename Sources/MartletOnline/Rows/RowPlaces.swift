import MartletColumns
import MartletEngine

/// Blocks of rows as they lie in a value: where their columns are, none of them copied.
///
///     blocks    0         1         2
///     columns   t a b c   t a b c   t a b c      of each where it lies
///
/// Good for as long as the bytes are. Blocks are taken off again from the end, so that one page after the
/// other is looked at in the same memory. One thread at a time.
final class RowPlaces {
  private let types: [ColumnType]
  private let layout: UInt32

  // In memory of their own: a class's variables are guarded one by one, which takes longer than most of
  // what is done to these.
  private let room: UnsafeMutablePointer<Room>

  private struct Room {
    var columns: UnsafeMutablePointer<FoldColumn>
    var capacity = 0
    var rowCounts: UnsafeMutablePointer<Int>
    var count = 0
    var mayRepeatIds = false
  }

  /// No blocks yet, of rows of `format`.
  init(_ format: RowFormat) {
    types = format.types
    layout = format.layout
    room = .allocate(capacity: 1)
    room.initialize(
      to: Room(columns: .allocate(capacity: 0), rowCounts: .allocate(capacity: 0)))
  }

  deinit {
    room.pointee.columns.deallocate()
    room.pointee.rowCounts.deallocate()
    room.deallocate()
  }

  /// Whether one of the blocks may have an id twice.
  var mayRepeatIds: Bool { room.pointee.mayRepeatIds }

  /// The number of blocks.
  var count: Int { room.pointee.count }

  /// The number of rows of `block`.
  func rowCount(_ block: Int) -> Int {
    precondition(block >= 0 && block < room.pointee.count, "block \(block)")
    return room.pointee.rowCounts[block]
  }

  func removeAll() {
    room.pointee.count = 0
    room.pointee.mayRepeatIds = false
  }

  func removeLast() { room.pointee.count -= 1 }

  /// Finds the columns of a page, which is one block, and lends its rows until it is taken off again.
  func appendPage(
    _ page: UnsafeRawBufferPointer, firstValue: Int
  ) throws(RowsError) -> FoldRows {
    let before = count
    guard try append(page) == 1 else {
      room.pointee.count = before
      throw RowsError("pages")
    }
    return rows(before, firstValue: firstValue)
  }

  /// Finds the columns of every block of rows in `value`, and returns how many blocks there are.
  @discardableResult
  func append(
    _ value: UnsafeRawBufferPointer, isChecked: Bool = false
  ) throws(RowsError) -> Int {
    let before = count
    var reader = ByteReader(value)
    while reader.remaining > 0 {
      let header = try RowBlock.Header(&reader, isChecked: isChecked)
      guard header.layout == layout else { throw RowsError("layout") }
      var body = ByteReader(try reader.take(header.byteCount, "body"))
      guard header.kind == .rows else { continue }
      makeRoom()
      for (place, type) in types.enumerated() {
        let column = try Self.find(type, header.rowCount, &body)
        (room.pointee.columns + count * types.count + place).initialize(to: column)
      }
      guard body.remaining == 0 else { throw RowsError("end") }
      room.pointee.rowCounts[count] = header.rowCount
      room.pointee.count += 1
      if header.repeats == .possible { room.pointee.mayRepeatIds = true }
    }
    return count - before
  }

  private func makeRoom() {
    let (count, capacity) = (room.pointee.count, room.pointee.capacity)
    guard count == capacity else { return }
    let larger = max(capacity * 2, 4)
    let columns = UnsafeMutablePointer<FoldColumn>.allocate(capacity: larger * types.count)
    columns.moveInitialize(from: room.pointee.columns, count: count * types.count)
    room.pointee.columns.deallocate()
    let rowCounts = UnsafeMutablePointer<Int>.allocate(capacity: larger)
    rowCounts.initialize(repeating: 0, count: larger)
    rowCounts.moveUpdate(from: room.pointee.rowCounts, count: count)
    room.pointee.rowCounts.deallocate()
    (room.pointee.columns, room.pointee.rowCounts) = (columns, rowCounts)
    room.pointee.capacity = larger
  }

  /// Where column `place` of `block` lies.
  @inline(__always)
  func column(_ place: Int, of block: Int) -> FoldColumn {
    room.pointee.columns[block * types.count + place]
  }

  /// The rows of `block`, whose values are the columns from `firstValue` on.
  @inline(__always)
  func rows(_ block: Int, firstValue: Int) -> FoldRows {
    let first = room.pointee.columns + block * types.count
    return FoldRows(
      count: room.pointee.rowCounts[block], clock: first[0], values: first + firstValue)
  }

  /// Finds the next column of `rows` values, and goes past it.
  private static func find(
    _ type: ColumnType, _ rows: Int, _ reader: inout ByteReader
  ) throws(RowsError) -> FoldColumn {
    let presence: UnsafeRawPointer? =
      switch try reader.readByte("presence") {
      case 0: nil
      case 1: try reader.take((rows + 7) / 8, "presence").baseAddress
      default: throw RowsError("presence")
      }
    var ends: UnsafeRawBufferPointer?
    let values: UnsafeRawBufferPointer
    switch type {
    case .int, .time, .double: values = try reader.take(rows, of: 8, "numbers")
    case .bool: values = try reader.take(rows, "flags")
    case .vector(let width): values = try reader.take(try product(rows, width), of: 4, "vectors")
    case .string, .bytes:
      let found = try reader.take(rows, of: 4, "ends")
      values = try reader.take(try lastEnd(found, rows), "text")
      ends = found
    case .list(let element):
      let found = try reader.take(rows, of: 4, "ends")
      let total = try lastEnd(found, rows)
      // Lists are no value that is folded: they are gone past.
      _ = try find(element, total, &reader)
      values = found
    }
    guard let start = values.baseAddress ?? ends?.baseAddress ?? presence else {
      throw RowsError("rows")
    }
    return FoldColumn(presence: presence, values: start, ends: ends?.baseAddress)
  }

  private static func product(_ rows: Int, _ width: Int) throws(RowsError) -> Int {
    let (product, overflow) = rows.multipliedReportingOverflow(by: width)
    guard !overflow else { throw RowsError("vectors") }
    return product
  }

  /// Where the last of `rows` texts or lists ends; they must end one after the other.
  private static func lastEnd(
    _ ends: UnsafeRawBufferPointer, _ rows: Int
  ) throws(RowsError) -> Int {
    var last: UInt32 = 0
    for row in 0..<rows {
      let end = UInt32(littleEndian: ends.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self))
      guard end >= last else { throw RowsError("ends") }
      last = end
    }
    return Int(last)
  }
}
