import MartletColumns

@testable import MartletParquet

/// A column of a type that is not ours, with its values as PLAIN has them.
struct Stored: CustomStringConvertible, Sendable {
  var name: String
  var type: PhysicalType
  var meaning: LogicalType?
  var length: Int32?
  var values: [[UInt8]]

  /// What the bounds must be, where the type has an order.
  var least: [UInt8]?
  var greatest: [UInt8]?

  var description: String { name }

  init(
    _ name: String, _ type: PhysicalType, _ meaning: LogicalType?, _ length: Int32?,
    _ values: [[UInt8]], least: [UInt8]?, greatest: [UInt8]?
  ) {
    (self.name, self.type, self.meaning, self.length) = (name, type, meaning, length)
    (self.values, self.least, self.greatest) = (values, least, greatest)
  }

  /// A type whose values are given from the least to the greatest, and written in another order.
  init(
    _ name: String, _ type: PhysicalType, _ meaning: LogicalType?, _ length: Int32? = nil,
    ascending values: [[UInt8]]
  ) {
    self.init(
      name, type, meaning, length, Array(values.reversed()) + values, least: values.first,
      greatest: values.last)
  }
}

extension Stored {
  static let all: [Stored] = [
    Stored("INT32", .int32, nil, ascending: [Int32.min, -1, 0, 1, .max].map(little)),
    Stored(
      "UINT_32", .int32, .integer(bitWidth: 32, isSigned: false),
      ascending: [UInt32.min, 1, 1 << 31, .max].map(little)),
    Stored(
      "UINT_64", .int64, .integer(bitWidth: 64, isSigned: false),
      ascending: [UInt64.min, 1, 1 << 63, .max].map(little)),
    Stored(
      "TIMESTAMP(ns, local)", .int64, .timestamp(.nanoseconds, isUTC: false),
      ascending: [Int64.min, -1, 0, 1_700_000_000_123_456_789, .max].map(little)),
    Stored(
      "DECIMAL in INT64", .int64, .decimal(scale: 3, precision: 18),
      ascending: [Int64(-1), 0, 1].map(little)),
    Stored(
      "DECIMAL in 12 bytes", .fixedLengthByteArray, .decimal(scale: 2, precision: 28), 12,
      ascending: [
        [0x80] + [UInt8](repeating: 0, count: 11), [UInt8](repeating: 0xFF, count: 12),
        [UInt8](repeating: 0, count: 12), [0] + [UInt8](repeating: 1, count: 11),
      ]),
    Stored(
      "DECIMAL in bytes", .byteArray, .decimal(scale: 2, precision: 28),
      ascending: [[0xFE, 0], [0xFF], [0], [0, 200], [1, 0, 0]]),
    Stored(
      "FLOAT", .float, nil, nil,
      [Float.infinity, -1.5, 0.1, -.infinity].map { little($0.bitPattern) }
        + [little(UInt32(0x7F80_0001)), little(UInt32(0xFFC0_0123))],
      least: little((-Float.infinity).bitPattern), greatest: little(Float.infinity.bitPattern)),
    Stored(
      "FLOAT16", .fixedLengthByteArray, .float16, 2, [[0, 0x3C], [0, 0xBC], [1, 0x7E], [0, 0]],
      least: [0, 0xBC], greatest: [0, 0x3C]),
    Stored(
      "UUID", .fixedLengthByteArray, .uuid, 16,
      ascending: [
        [UInt8](repeating: 0, count: 16), [UInt8](repeating: 0x7F, count: 16),
        [UInt8](repeating: 0xFF, count: 16),
      ]),
    Stored("JSON", .byteArray, .json, ascending: [Array("[]".utf8), Array("{}".utf8)]),
    Stored("BSON", .byteArray, .bson, ascending: [[], [0xFF, 0xFE]]),
    Stored(
      "INT96", .int96, nil, nil, [[UInt8](0..<12), [UInt8](repeating: 0xFF, count: 12)],
      least: nil, greatest: nil),
    Stored("BOOLEAN", .boolean, nil, ascending: [[0], [1]]),
    Stored(
      "80 bytes", .fixedLengthByteArray, nil, 80, [[UInt8](repeating: 7, count: 80)], least: nil,
      greatest: nil),
  ]

  /// Where a column may stand.
  enum Shape: CaseIterable { case required, optional, inGroup, inList, inMap }

  private func nodes(_ shape: Shape) -> [SchemaElement] {
    var leaf = SchemaElement()
    (leaf.name, leaf.type, leaf.typeLength) = ("c", type, length)
    (leaf.logicalType, leaf.fieldID) = (meaning, 7)
    leaf.repetition = shape == .required || shape == .inMap ? .required : .optional
    switch shape {
    case .required, .optional: return [leaf]
    case .inGroup: return [group("g", .optional), group("h", .required), leaf]
    case .inList: return [group("l", .optional, .list), group("bag", .repeated), leaf]
    case .inMap: return [group("m", .required, .map), group("key_value", .repeated), leaf]
    }
  }

  private func group(
    _ name: String, _ repetition: Repetition, _ meaning: LogicalType? = nil
  ) -> SchemaElement {
    var group = SchemaElement()
    (group.name, group.repetition, group.childCount) = (name, repetition, 1)
    group.logicalType = meaning
    return group
  }

  /// A file with a column of these values, 40 times over, with nulls and empty lists where `shape`
  /// has room for them.
  func fileBytes(_ shape: Shape) throws -> [UInt8] {
    var root = SchemaElement()
    (root.name, root.childCount) = ("schema", 1)
    let column = try ParquetColumn.all(in: [root] + nodes(shape))[0]
    // What cannot be copied is written as bytes, with its schema put in afterwards.
    guard let stored = try? StoredColumn(column) else { return try refusedBytes() }
    let carried = try carried(stored, shape)
    guard let schema = Schema([Field(column.name, stored.carrier)]) else { return [] }
    var options = WritingOptions()
    options.stored = [column.name: stored]
    options.mostRowsPerPage = 30
    var bytes: [UInt8] = []
    try withWriter(schema, options, into: &bytes) { append in
      append(Batch(schema, [carried], rowCount: carried.count))
    }
    return bytes
  }

  private func refusedBytes() throws -> [UInt8] {
    var metadata = FileMetadata()
    var root = SchemaElement()
    (root.name, root.childCount) = ("schema", 1)
    metadata.schema = [root] + nodes(.optional)
    return Footer.magic + Footer.bytes(of: metadata)
  }

  /// The values as they are carried, made without the reader that is tested.
  private func carried(_ stored: StoredColumn, _ shape: Shape) throws -> Column {
    let repeated = (0..<40).flatMap { _ in values }
    let isWhole = shape == .required
    if !stored.isPacked {
      return Column(
        stored.carrier,
        repeated.enumerated().map { index, value in
          !isWhole && index % 5 == 3 ? .null : carried(value, stored)
        }) ?? Column.nulls(of: stored.carrier, count: 0)
    }
    let deepest = UInt8(stored.shape.definition)
    var rows: [Value] = []
    for (index, value) in repeated.enumerated() {
      let packed = (length == nil && type == .byteArray ? little(UInt32(value.count)) : []) + value
      switch (index % 5, shape) {
      case (1, .inMap): rows.append(.bytes([0, 0]))
      case (1...3, .inGroup), (1...3, .inList):
        rows.append(.bytes([0, min(UInt8(index % 5 - 1), deepest - 1)]))
      case (4, .inList), (4, .inMap):
        rows.append(.bytes([0, deepest] + packed + [1, deepest] + packed))
      default: rows.append(.bytes([0, deepest] + packed))
      }
    }
    return Column(.bytes, rows) ?? Column.nulls(of: .bytes, count: 0)
  }

  private func carried(_ value: [UInt8], _ stored: StoredColumn) -> Value {
    switch stored.carrier {
    case .bool: .bool(value == [1])
    case .int:
      .int(
        value.reversed().reduce(value.last ?? 0 >= 128 ? -1 : 0) { $0 << 8 | Int64($1) })
    case .string: .string(String(decoding: value, as: UTF8.self))
    default: .bytes(value)
    }
  }
}

private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// Has `body` append batches to a file, whose bytes come to stand in `bytes`.
func withWriter(
  _ schema: Schema, _ options: WritingOptions, into bytes: inout [UInt8],
  _ body: ((Batch) -> Void) throws -> Void
) throws {
  final class File {
    var bytes: [UInt8] = []
  }
  let file = File()
  var writer = ParquetWriter<Never>(schema, options) { span in
    span.withUnsafeBufferPointer { file.bytes += $0 }
  }
  try body { writer.append($0) }
  writer.finish()
  bytes = file.bytes
}
