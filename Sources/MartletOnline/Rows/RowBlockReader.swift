import MartletColumns

/// Reads blocks of one layout, and gathers their rows in columns.
final class RowBlockReader {
  private let format: RowFormat
  private let columns: [ColumnGatherer]

  /// The layout of the rows that are read.
  var layout: UInt32 { format.layout }

  /// The rows so far.
  private(set) var rowCount = 0

  init(_ format: RowFormat) {
    self.format = format
    columns = format.types.map { ColumnGatherer($0) }
  }

  /// Gathers the rows of every block in `value`, and says how many there were.
  @discardableResult
  func read(_ value: UnsafeRawBufferPointer) throws(RowsError) -> Int {
    let before = rowCount
    var reader = ByteReader(value)
    while reader.remaining > 0 {
      let header = try RowBlock.Header(&reader)
      guard header.layout == format.layout else { throw RowsError("layout") }
      var body = ByteReader(try reader.take(header.byteCount, "body"))
      guard header.kind == .rows else { continue }
      for column in columns { try column.read(header.rowCount, from: &body) }
      guard body.remaining == 0 else { throw RowsError("end") }
      rowCount += header.rowCount
    }
    return rowCount - before
  }

  /// The columns of all rows.
  func finish() -> [Column] { columns.map { $0.finish() } }
}

/// One column while its parts are gathered from blocks.
private final class ColumnGatherer {
  private let type: ColumnType
  // By the type, one of these takes the values; the others stay empty.
  private var words = BufferBuilder<Int64>()
  private var flags = BufferBuilder<Bool>()
  private var bytes = BufferBuilder<UInt8>()
  private var floats = BufferBuilder<Float>()
  private var offsets = BufferBuilder<Int32>()
  private let elements: ColumnGatherer?
  private var validity = BitmapBuilder()
  private var count = 0

  init(_ type: ColumnType) {
    self.type = type
    switch type {
    case .list(let element): elements = ColumnGatherer(element)
    default: elements = nil
    }
    switch type {
    case .list, .string, .bytes: offsets.append(0)
    default: break
    }
  }

  func read(_ rows: Int, from reader: inout ByteReader) throws(RowsError) {
    // Every row takes a byte at least, so that no memory is reserved on the word of the bytes alone.
    guard rows <= reader.remaining else { throw RowsError("rows") }
    try readPresence(rows, &reader)
    switch type {
    case .int, .time, .double:
      let values = try reader.take(rows, of: 8, "numbers")
      words.append(upTo: rows) { values.copy(to: $0, rows) }
    case .bool:
      let values = try reader.take(rows, "flags")
      guard values.allSatisfy({ $0 <= 1 }) else { throw RowsError("flags") }
      flags.append(upTo: rows) { values.copy(to: $0, rows) }
    case .vector(let width):
      let (floatCount, overflow) = rows.multipliedReportingOverflow(by: width)
      guard !overflow else { throw RowsError("vectors") }
      let values = try reader.take(floatCount, of: 4, "vectors")
      floats.append(upTo: floatCount) { values.copy(to: $0, floatCount) }
    case .string, .bytes:
      let total = try readEnds(rows, from: bytes.count, &reader)
      let text = try reader.take(total, "text")
      bytes.append(contentsOf: text.bindMemory(to: UInt8.self))
    case .list:
      guard let elements else { throw RowsError("elements") }
      let total = try readEnds(rows, from: elements.count, &reader)
      try elements.read(total, from: &reader)
    }
    count += rows
  }

  private func readPresence(_ rows: Int, _ reader: inout ByteReader) throws(RowsError) {
    switch try reader.readByte("presence") {
    case 0: validity.append(repeating: true, count: rows)
    case 1:
      let bits = try reader.take((rows + 7) / 8, "presence")
      for (index, byte) in bits.enumerated() {
        validity.append(word: UInt64(byte), count: min(8, rows - index * 8))
      }
    default: throw RowsError("presence")
    }
  }

  /// Reads where `rows` texts or lists end, and returns where the last one does.
  private func readEnds(
    _ rows: Int, from first: Int, _ reader: inout ByteReader
  ) throws(RowsError) -> Int {
    let ends = try reader.take(rows, of: 4, "ends")
    var last: UInt32 = 0
    for row in 0..<rows {
      let end = UInt32(
        littleEndian: ends.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self))
      guard end >= last, first + Int(end) <= RowBlock.most else { throw RowsError("ends") }
      offsets.append(Int32(truncatingIfNeeded: first + Int(end)))
      last = end
    }
    return Int(last)
  }

  func finish() -> Column {
    let words = exchange(&words, with: BufferBuilder()).finish()
    let values: Column.Values
    switch type {
    case .int: values = .int(words)
    case .time: values = .time(words)
    case .double: values = .double(words.reinterpreted(as: Double.self))
    case .bool: values = .bool(exchange(&flags, with: BufferBuilder()).finish())
    case .string: values = .string(finishTexts())
    case .bytes: values = .bytes(finishTexts())
    case .vector(let width):
      let floats = exchange(&floats, with: BufferBuilder()).finish()
      values = .vector(Vectors(width: width, count: count, floats: floats))
    case .list(let element):
      let offsets = exchange(&offsets, with: BufferBuilder()).finish()
      let column = elements?.finish() ?? Column(.zeros(of: element, count: 0))
      values = .list(Lists(offsets: offsets, elements: column))
    }
    return Column(
      values, validity: exchange(&validity, with: BitmapBuilder()).finishAsValidity())
  }

  private func finishTexts() -> Strings {
    Strings(
      offsets: exchange(&offsets, with: BufferBuilder()).finish(),
      bytes: exchange(&bytes, with: BufferBuilder()).finish())
  }
}

extension UnsafeRawBufferPointer {
  /// Copies `count` elements into `room`, and returns how many there were.
  fileprivate func copy<Element>(
    to room: UnsafeMutableBufferPointer<Element>, _ count: Int
  ) -> Int {
    if let source = baseAddress, let target = room.baseAddress {
      UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: self.count)
    }
    return count
  }
}
