/// What became of the rows that a feature set was offered.
public struct RowCounts: Hashable, Sendable {
  /// Those offered.
  public var read = 0

  /// Those kept.
  public var kept = 0

  /// Those that the set's `where` left out.
  public var filtered = 0

  /// Those whose key has a null.
  public var withoutKey = 0

  /// Those without a time, or without the moment at which they became known.
  public var withoutTime = 0

  /// Values that became null because they could not be worked out.
  public var warnings = CalculationWarnings()

  /// None.
  public init() {}

  /// Adds those of other rows.
  public mutating func merge(_ other: RowCounts) {
    read += other.read
    kept += other.kept
    filtered += other.filtered
    withoutKey += other.withoutKey
    withoutTime += other.withoutTime
    warnings.merge(other.warnings)
  }
}
