/// Where the data pages of a column chunk lie, and which rows they hold.
public struct OffsetIndex: Equatable, Sendable {
  /// The data pages, in order.
  public var pages: [PageLocation] = []
}

extension OffsetIndex: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &pages)
  }
}

/// Where a data page lies.
public struct PageLocation: Equatable, Sendable {
  /// Where the page's header begins in the file.
  public var offset: Int64 = 0

  /// The bytes of the page in the file with its header.
  public var byteCount: Int32 = 0

  /// The page's first row, counted within the row group.
  public var firstRow: Int64 = 0
}

extension PageLocation: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &offset)
    try wire.required(2, &byteCount)
    try wire.required(3, &firstRow)
  }
}

/// What the data pages of a column chunk say of their values, a value for each page in each list.
public struct ColumnIndex: Equatable, Sendable {
  /// Whether the page holds nothing but nulls; its bounds mean nothing then.
  public var isAllNull: [Bool] = []

  /// Bounds of each page's values, as in `Statistics`.
  var mins: [CompactBinary] = []
  var maxes: [CompactBinary] = []

  /// Whether the bounds ascend or descend from page to page.
  public var boundaryOrder = BoundaryOrder.unordered

  /// How many values of each page are null.
  public var nullCounts: [Int64]?
}

extension ColumnIndex: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &isAllNull)
    try wire.required(2, &mins)
    try wire.required(3, &maxes)
    try wire.required(4, &boundaryOrder)
    try wire.optional(5, &nullCounts)
  }
}
