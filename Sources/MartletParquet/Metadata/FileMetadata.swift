/// What a file's footer says: its columns, and where the row groups lie.
public struct FileMetadata: Equatable, Sendable {
  /// The format's version; 1 and 2 read alike.
  public var version: Int32 = 1

  /// The schema's nodes, depth first, the root before all.
  public var schema: [SchemaElement] = []

  /// The rows of all row groups.
  public var rowCount: Int64 = 0

  /// The file's row groups, in order.
  public var rowGroups: [RowGroup] = []

  /// Notes, by key.
  public var keyValues: [KeyValue]?

  /// The program that wrote the file.
  public var createdBy: String?

  /// For each column, by which order its statistics were made.
  public var columnOrders: [ColumnOrder]?

  /// There when columns are encrypted and the footer is only signed.
  var encryption: CompactMark?
}

extension FileMetadata: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &version)
    try wire.required(2, &schema)
    try wire.required(3, &rowCount)
    try wire.required(4, &rowGroups)
    try wire.optional(5, &keyValues)
    try wire.optional(6, &createdBy)
    try wire.optional(7, &columnOrders)
    try wire.optional(8, &encryption)
  }
}

/// Rows that are stored together, column by column.
public struct RowGroup: Equatable, Sendable {
  /// A chunk for each column of the schema, in order.
  public var columns: [ColumnChunk] = []

  /// The bytes of all columns before compression.
  public var byteCount: Int64 = 0

  /// The number of rows.
  public var rowCount: Int64 = 0

  /// By which columns the rows are sorted.
  public var sortingColumns: [SortingColumn]?

  /// Where the first page begins.
  public var fileOffset: Int64?

  /// The bytes of all columns in the file.
  public var compressedByteCount: Int64?

  /// Which row group this is, from 0.
  public var ordinal: Int16?
}

extension RowGroup: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &columns)
    try wire.required(2, &byteCount)
    try wire.required(3, &rowCount)
    try wire.optional(4, &sortingColumns)
    try wire.optional(5, &fileOffset)
    try wire.optional(6, &compressedByteCount)
    try wire.optional(7, &ordinal)
  }
}

/// A column that rows are sorted by.
public struct SortingColumn: Equatable, Sendable {
  /// Which column, counting leaves from 0.
  public var columnIndex: Int32 = 0

  /// Whether the greatest value comes first.
  public var isDescending = false

  /// Whether nulls come first.
  public var hasNullsFirst = false
}

extension SortingColumn: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &columnIndex)
    try wire.required(2, &isDescending)
    try wire.required(3, &hasNullsFirst)
  }
}

/// A note in a file.
public struct KeyValue: Equatable, Sendable {
  /// What the note is about.
  public var key = ""

  /// What it says.
  public var value: String?
}

extension KeyValue: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &key)
    try wire.optional(2, &value)
  }
}

/// By which order a column's statistics were made.
public enum ColumnOrder: Equatable, Sendable {
  /// The order of the column's type.
  case typeDefined

  /// An order invented since, by its number.
  case newer(Int)
}

extension ColumnOrder: CompactValue {
  static var compactType: CompactType { .structure }

  init(from reader: inout CompactReader) throws(ParquetError) {
    var order = ColumnOrder.newer(0)
    try reader.readUnion { (id, _) throws(ParquetError) in
      order = id == 1 ? .typeDefined : .newer(id)
    }
    self = order
  }

  func write(to writer: inout CompactWriter) {
    precondition(self == .typeDefined, "\(self) cannot be written")
    writer.writeUnion(1, CompactMark())
  }
}
