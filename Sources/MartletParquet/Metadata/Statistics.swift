/// What a column chunk or a page says of its values, so that it need not be read.
///
/// Bounds are values in their PLAIN encoding, texts without their length. They may be rounded
/// outwards: a long text is often cut.
public struct Statistics: Equatable, Sendable {
  /// The bounds of old, whose order nobody knows for all but signed numbers.
  var legacyMax: CompactBinary?
  var legacyMin: CompactBinary?

  /// How many values are null.
  public var nullCount: Int64?

  /// How many different values there are.
  public var distinctCount: Int64?

  var max: CompactBinary?
  var min: CompactBinary?

  /// Whether the bounds are values that occur.
  public var isMaxExact: Bool?
  public var isMinExact: Bool?
}

extension Statistics {
  /// No value is greater.
  public var maxValue: [UInt8]? { max?.bytes }

  /// No value is less.
  public var minValue: [UInt8]? { min?.bytes }
}

extension Statistics: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.optional(1, &legacyMax)
    try wire.optional(2, &legacyMin)
    try wire.optional(3, &nullCount)
    try wire.optional(4, &distinctCount)
    try wire.optional(5, &max)
    try wire.optional(6, &min)
    try wire.optional(7, &isMaxExact)
    try wire.optional(8, &isMinExact)
  }
}
