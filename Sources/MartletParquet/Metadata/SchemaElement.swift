/// A node of a file's schema: a column, or a group of nodes.
///
/// The schema is a tree written down depth first, each group followed by its children.
public struct SchemaElement: Equatable, Sendable {
  /// How values are stored; `nil` for a group.
  public var type: PhysicalType?

  /// The bytes of each value of a `fixedLengthByteArray`.
  public var typeLength: Int32?

  /// How often the node comes within its parent; `nil` for the root.
  public var repetition: Repetition?

  /// The node's name.
  public var name = ""

  /// How many children follow; `nil` for a column.
  public var childCount: Int32?

  /// What the node means, in the words of old.
  public var convertedType: ConvertedType?

  /// The digits behind the point of a decimal.
  public var scale: Int32?

  /// The digits of a decimal.
  public var precision: Int32?

  /// A number by which other systems know the node.
  public var fieldID: Int32?

  /// What the node means.
  public var logicalType: LogicalType?
}

extension SchemaElement: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.optional(1, &type)
    try wire.optional(2, &typeLength)
    try wire.optional(3, &repetition)
    try wire.required(4, &name)
    try wire.optional(5, &childCount)
    try wire.optional(6, &convertedType)
    try wire.optional(7, &scale)
    try wire.optional(8, &precision)
    try wire.optional(9, &fieldID)
    try wire.optional(10, &logicalType)
  }
}
