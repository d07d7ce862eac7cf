/// Values that became null because they could not be worked out, counted by why.
public struct CalculationWarnings: Hashable, Sendable {
  /// Why a value could not be worked out.
  public enum Reason: String, CaseIterable, Hashable, Sendable {
    /// A whole number or a time beyond its range.
    case overflow
    /// A division or a remainder by zero.
    case divisionByZero = "division by zero"
    /// A root, logarithm or power that no number is.
    case noSuchNumber = "no such number"
    /// A text longer than one column holds.
    case textTooLong = "text too long"
  }

  /// How many values, by why; none are left out.
  public private(set) var counts: [Reason: Int] = [:]

  /// None.
  public init() {}

  /// The counts with their reasons in words, in one order.
  public var sorted: [(reason: String, count: Int)] {
    Reason.allCases.compactMap { reason in counts[reason].map { (reason.rawValue, $0) } }
  }

  /// Counts `more` values.
  mutating func count(_ reason: Reason, _ more: Int) {
    if more > 0 { counts[reason, default: 0] += more }
  }

  /// Adds those of another batch.
  public mutating func merge(_ other: CalculationWarnings) {
    for (reason, more) in other.counts { count(reason, more) }
  }
}
