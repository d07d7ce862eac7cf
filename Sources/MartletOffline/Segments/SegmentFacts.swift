public import MartletColumns

/// What is known of a segment without opening it: a row of the registry.
public struct SegmentFacts: Hashable, Sendable {
  /// The SHA-256 of its bytes, in hexadecimal: also its name on disk.
  public var name: String

  /// How many bytes it has.
  public var byteCount: Int

  /// How many rows it has.
  public var rowCount: Int

  /// How many entities they are about.
  public var entityCount: Int

  /// The earliest and the latest time of a row.
  public var span: ClosedRange<Instant>?

  /// How many rows repeat the id of another row of their entity.
  public var repeatCount: Int

  /// A segment's facts.
  public init(
    name: String, byteCount: Int, rowCount: Int, entityCount: Int, span: ClosedRange<Instant>?,
    repeatCount: Int
  ) {
    self.name = name
    self.byteCount = byteCount
    self.rowCount = rowCount
    self.entityCount = entityCount
    self.span = span
    self.repeatCount = repeatCount
  }
}
