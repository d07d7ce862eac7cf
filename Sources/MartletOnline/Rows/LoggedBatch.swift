import MartletAggregates
import MartletColumns

/// Rows of a source as the log of pushes holds them: their columns' names and types, then one block.
///
/// The log outlives the definitions by which its rows came, so each record says itself what it is.
enum LoggedBatch {
  private static let version: UInt8 = 1
  private static let layout: UInt32 = 0x4C4F_4731

  /// The bytes of `batch`.
  static func encoded(_ batch: Batch) -> [UInt8] {
    var header = StateWriter()
    header.write(byte: version)
    header.write(UInt64(batch.schema.count))
    for field in batch.schema.fields {
      header.write(counted: field.name.utf8)
      header.write(field.type)
    }
    let format = RowFormat(types: batch.schema.fields.map(\.type), layout: layout)
    var block = ByteWriter()
    RowBlockWriter(format, batch.columns).write(0..<batch.rowCount, to: &block)
    var bytes: [UInt8] = []
    withUnsafeBytes(of: UInt32(header.bytes.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += header.bytes
    bytes.append(contentsOf: block.bytes)
    return bytes
  }

  /// The rows that `bytes` hold.
  static func decoded(_ bytes: UnsafeRawBufferPointer) throws(RowsError) -> Batch {
    var reader = ByteReader(bytes)
    let headerSize = Int(try reader.readHalf("schema"))
    let header = Array(try reader.take(headerSize, "schema"))
    let schema: Schema
    do throws(StateError) { schema = try decodedSchema(header) } catch { throw RowsError("schema") }
    let rows = RowBlockReader(RowFormat(types: schema.fields.map(\.type), layout: layout))
    let count = try rows.read(try reader.take(reader.remaining, "rows"))
    return Batch(schema, rows.finish(), rowCount: count)
  }

  private static func decodedSchema(_ bytes: [UInt8]) throws(StateError) -> Schema {
    var reader = StateReader(bytes)
    try reader.readVersion(version)
    var fields: [Field] = []
    for _ in 0..<(try reader.readCount("columns", atMost: 1 << 20)) {
      let name = String(decoding: try reader.readCounted("name"), as: UTF8.self)
      fields.append(Field(name, try ColumnType(from: &reader)))
    }
    try reader.finish()
    guard let schema = Schema(fields) else { throw StateError("name", .notCanonical) }
    return schema
  }
}

extension StateWriter {
  fileprivate mutating func write(_ type: ColumnType) {
    switch type {
    case .bool: write(byte: 0)
    case .int: write(byte: 1)
    case .double: write(byte: 2)
    case .string: write(byte: 3)
    case .time: write(byte: 4)
    case .bytes: write(byte: 5)
    case .list(let element):
      write(byte: 6)
      write(element)
    case .vector(let width):
      write(byte: 7)
      write(UInt64(width))
    }
  }
}

extension ColumnType {
  /// Lists are nested this deep at most, so that no bytes make the reader call itself without end.
  private static let mostNesting = 16

  fileprivate init(from reader: inout StateReader, depth: Int = 0) throws(StateError) {
    guard depth < Self.mostNesting else { throw StateError("type", .outOfRange) }
    switch try reader.readByte("type") {
    case 0: self = .bool
    case 1: self = .int
    case 2: self = .double
    case 3: self = .string
    case 4: self = .time
    case 5: self = .bytes
    case 6: self = .list(try ColumnType(from: &reader, depth: depth + 1))
    case 7:
      let width = Int(try reader.readNumber("width", atMost: 1 << 20))
      guard width > 0 else { throw StateError("width", .outOfRange) }
      self = .vector(width: width)
    default: throw StateError("type", .outOfRange)
    }
  }
}
