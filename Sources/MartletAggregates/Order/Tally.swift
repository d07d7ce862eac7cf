/// How often something was seen.
///
/// Adding stops at the largest number instead of trapping: bytes from outside may claim any
/// tallies, and stopping there is still associative and commutative. Rows alone never get there.
struct Tally: Equatable, Comparable, Sendable, ExpressibleByIntegerLiteral {
  private(set) var number: UInt64

  static let zero = Tally(0)

  init(_ number: UInt64) { self.number = number }

  init(integerLiteral number: UInt64) { self.number = number }

  mutating func add(_ other: Tally) {
    let (sum, overflow) = number.addingReportingOverflow(other.number)
    number = overflow ? .max : sum
  }

  /// Takes away what was added before.
  mutating func subtract(_ other: Tally) {
    precondition(number >= other.number, "removed \(other.number) of \(number)")
    number &-= other.number
  }

  static func < (one: Tally, other: Tally) -> Bool { one.number < other.number }
}
