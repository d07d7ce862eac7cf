public import MartletColumns

/// What a reader makes of a file's values.
public enum ValueForm: Hashable, Sendable {
  /// Values of our types: what the rows mean.
  case meant

  /// Values as the file has them, to be written again exactly so. Only a writer that is given the
  /// reader's `stored` columns knows what they mean.
  case stored
}

/// How a file stores a column, to the last word of its schema, so that another file can store it the
/// same: narrow and unsigned integers, floats, decimals, nanoseconds, structs and maps, and what must
/// be there.
///
///     let reader = try BatchReader(file, as: .stored)
///     options.stored = reader.stored
///     var writer = ParquetWriter(reader.schema, options, …)
///
/// Between reader and writer the values travel as a column of the type `carrier`:
///
/// | Stored as | Carried as |
/// |---|---|
/// | BOOLEAN, DOUBLE | bool, double |
/// | INT32, INT64, FLOAT | int: the bits, with their sign |
/// | BYTE_ARRAY of text | string |
/// | other BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 | bytes |
/// | anything in a list, or in a group that may be null | bytes: a row's levels and values, packed |
///
/// A row may be moved, repeated or left out on the way, and columns of our own may stand beside.
public struct StoredColumn: Equatable, Sendable {
  /// The nodes of the schema's tree from below the root down to the values.
  let nodes: [SchemaElement]

  let shape: ColumnShape
  let physicalType: PhysicalType
  let meaning: LogicalType?
  let fixedByteCount: Int?

  /// The type of the column that its values travel in.
  public let carrier: ColumnType

  /// Whether rows are packed with their levels.
  var isPacked: Bool { !shape.lists.isEmpty || shape.definition > 1 }

  /// The rule that leaves the values of `column` as they are.
  let rule: ValueRule

  init(_ column: ParquetColumn) throws(ParquetError) {
    if let node = column.nodes.first(where: { !$0.canBeCopied }), let type = node.logicalType {
      throw .unsupported("the type \(type)")
    }
    guard column.shape.definition < ColumnShape.mostLevels else {
      throw .unsupported("columns nested as deep as this one")
    }
    (nodes, shape, physicalType) = (column.nodes, column.shape, column.physicalType)
    (meaning, fixedByteCount) = (column.logicalType, column.fixedByteCount)
    rule = try ValueRule(
      storing: column.physicalType, column.logicalType, byteCount: column.fixedByteCount)
    let isPacked = !column.shape.lists.isEmpty || column.shape.definition > 1
    carrier = isPacked ? .bytes : rule.columnType
  }
}

extension SchemaElement {
  /// Whether the node can be written as it was read: some types say more than we read of them.
  fileprivate var canBeCopied: Bool {
    guard let logicalType else { return true }
    if case .newer = logicalType { return false }
    return ![.variant, .geometry, .geography].contains(logicalType)
  }
}

extension ValueRule {
  /// The rule that leaves values of `physical` type as they are stored.
  init(
    storing physical: PhysicalType, _ meaning: LogicalType?, byteCount: Int?
  ) throws(ParquetError) {
    switch physical {
    case .boolean: self = .flags
    case .int32, .int64, .float: self = .numbers(.int, .same)
    case .double: self = .numbers(.double, .same)
    case .byteArray:
      self = [.string, .enum, .json].contains(meaning) ? .texts(.string) : .texts(.bytes)
    case .int96, .fixedLengthByteArray:
      guard let byteCount, byteCount > 0 else { throw .damaged("values of no bytes") }
      self = .texts(.bytes)
    default: throw .unsupported("\(physical)")
    }
  }
}
