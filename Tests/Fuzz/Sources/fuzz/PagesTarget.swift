import MartletColumns
@testable import MartletParquet

/// Any bytes are a column chunk's pages or are refused, whatever the column is said to be.
///
/// No footer stands before them, which would keep most inputs from ever reaching a page:
///
///     what the column is | codec, and how it is read | rows, 2 bytes | values, 2 bytes | pages
func fuzzParquetPages(_ bytes: [UInt8]) {
  guard bytes.count > PageSeed.headByteCount else { return }
  let column = PageSeed.columns[Int(bytes[0]) % PageSeed.columns.count]
  let rowCount = min(Int(bytes[2]) | Int(bytes[3]) << 8, 4_000)
  var metadata = ColumnMetadata()
  metadata.type = column.physicalType
  metadata.codec = CompressionCodec(rawValue: Int32(bytes[1] & 7))
  metadata.valueCount = Int64(bytes[4]) | Int64(bytes[5]) << 8
  if column.shape.lists.isEmpty { metadata.valueCount = Int64(rowCount) }
  metadata.dataPageOffset = Int64(PageSeed.headByteCount)
  metadata.compressedByteCount = Int64(bytes.count - PageSeed.headByteCount)
  var chunk = ColumnChunk()
  chunk.metadata = metadata
  do {
    let cursor = try ColumnCursor(
      column, BytesInMemory(bytes), chunk, rowCount: rowCount, rowGroup: 0,
      as: bytes[1] & 16 != 0 ? .stored : .meant)
    var left = rowCount
    if bytes[1] & 8 != 0, left > 10 {
      try cursor.skip(10)
      left -= 10
    }
    while left > 0 {
      let step = min(left, 300)
      let values = try cursor.read(step)
      precondition(values.count == step, "\(values.count) rows of \(step)")
      _ = values[step - 1]
      left -= step
    }
  } catch {}
}

/// What the inputs of the pages' target are made of.
enum PageSeed {
  static let headByteCount = 6

  /// Columns of every type, each in every place of a schema's tree.
  static let columns: [ParquetColumn] = leaves.flatMap { leaf in
    shapes(of: leaf).compactMap { nodes in
      var root = SchemaElement()
      (root.name, root.childCount) = ("schema", 1)
      do { return try ParquetColumn.all(in: [root] + nodes).first } catch {
        preconditionFailure("a column of \(leaf): \(error)")
      }
    }
  }

  private static let leaves: [(PhysicalType, LogicalType?, length: Int32?)] = [
    (.boolean, nil, nil), (.int32, nil, nil), (.int32, .integer(bitWidth: 8, isSigned: false), nil),
    (.int32, .date, nil), (.int32, .decimal(scale: 2, precision: 9), nil), (.int64, nil, nil),
    (.int64, .integer(bitWidth: 64, isSigned: false), nil),
    (.int64, .timestamp(.nanoseconds, isUTC: true), nil),
    (.int64, .timestamp(.milliseconds, isUTC: true), nil), (.int96, nil, nil), (.float, nil, nil),
    (.double, nil, nil), (.byteArray, .string, nil), (.byteArray, nil, nil),
    (.byteArray, .decimal(scale: 3, precision: 30), nil), (.fixedLengthByteArray, nil, 5),
    (.fixedLengthByteArray, .uuid, 16), (.fixedLengthByteArray, .float16, 2),
    (.fixedLengthByteArray, .decimal(scale: 1, precision: 20), 9),
  ]

  /// The leaf by itself, as one that may be null, in a list, and in a list of lists.
  private static func shapes(
    of leaf: (PhysicalType, LogicalType?, length: Int32?)
  ) -> [[SchemaElement]] {
    var node = SchemaElement()
    (node.name, node.repetition) = ("a", .optional)
    (node.type, node.logicalType, node.typeLength) = leaf
    var whole = node
    whole.repetition = .required
    return [[whole], [node], list(of: [node]), list(of: list(of: [whole]))]
  }

  private static func list(of element: [SchemaElement]) -> [SchemaElement] {
    var outer = SchemaElement()
    (outer.name, outer.repetition, outer.childCount) = ("a", .optional, 1)
    outer.logicalType = .list
    var middle = SchemaElement()
    (middle.name, middle.repetition, middle.childCount) = ("list", .repeated, 1)
    return [outer, middle] + element
  }

  /// The inputs that are in the file of `bytes`: each of its chunks, as the column here that is most
  /// like its own.
  static func all(in bytes: [UInt8]) throws -> [[UInt8]] {
    let file = try ParquetFile(BytesInMemory(bytes))
    var seeds: [[UInt8]] = []
    for rowGroup in file.metadata.rowGroups {
      for (column, chunk) in zip(file.columns, rowGroup.columns) {
        guard let metadata = chunk.metadata, metadata.dataPageOffset > 0,
          let kind = kind(of: column)
        else { continue }
        let range = try metadata.byteRange(within: bytes.count)
        let (rows, values) = (rowGroup.rowCount, metadata.valueCount)
        let head = [
          Int64(kind), Int64(metadata.codec.rawValue), rows & 255, rows >> 8, values & 255,
          values >> 8,
        ].map { UInt8(truncatingIfNeeded: $0) }
        seeds.append(head + bytes[range])
      }
    }
    return seeds
  }

  private static func kind(of column: ParquetColumn) -> Int? {
    let alike = columns.indices.filter {
      columns[$0].physicalType == column.physicalType
        && columns[$0].shape.lists.count == column.shape.lists.count
        && columns[$0].shape.definition == column.shape.definition
        && columns[$0].fixedByteCount == column.fixedByteCount
    }
    return alike.first { columns[$0].logicalType == column.logicalType } ?? alike.first
  }
}
