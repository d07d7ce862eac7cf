public import MartletColumns

/// What rows are looked for: those whose column has a value within bounds.
///
///     RowCondition("customer_id", from: .string("a"), through: .string("f"))
///     RowCondition("event_time", from: .time(monday), before: .time(tuesday))
///     RowCondition("country", equals: .string("NO"))
///
/// Texts are ordered byte by byte. Null and NaN are within no bounds.
public struct RowCondition: Hashable, Sendable {
  /// The column's name.
  public var column: String

  /// No value is less; `nil` where any may be.
  public var least: Value?

  /// No value is greater, or as great where the end is excluded; `nil` where any may be.
  public var greatest: Value?

  /// Whether `greatest` itself is outside.
  public var isEndExcluded: Bool

  /// Values from `least` on up to and with `greatest`.
  public init(_ column: String, from least: Value? = nil, through greatest: Value? = nil) {
    (self.column, self.least, self.greatest) = (column, least, greatest)
    isEndExcluded = false
  }

  /// Values from `least` on that come before `end`.
  public init(_ column: String, from least: Value? = nil, before end: Value) {
    (self.column, self.least, greatest) = (column, least, end)
    isEndExcluded = true
  }

  /// The one value.
  public init(_ column: String, equals value: Value) {
    self.init(column, from: value, through: value)
  }

  /// The one value that is looked for, where it is one.
  var only: Value? { least == greatest && !isEndExcluded ? least : nil }
}
