/// A double rounded to seven significant bits, as a number that ascends with the value.
///
/// The bits of a positive double, read as an integer, ascend with it; the upper 18 of them (of
/// which 6 are the fraction's) after rounding are the number. No logarithm, so no machine can differ.
///
///     sign │ exponent: 11 │ fraction: 6 │ 46 bits rounded off
///
/// The relative error is at most 1/128 (0.79 %), and nothing at all for whole numbers up to 128
/// and others that have few bits. Values under 2^−1022 are rounded to steps of 2^−1028 instead.
struct RoundedValue: Equatable, Comparable, Sendable {
  /// 0 for zeros and what rounds to them, negative below.
  let number: Int32

  private static let droppedBits: UInt64 = 46
  private static let infinity = Int32(Double.infinity.bitPattern >> droppedBits)
  private static let nan = infinity + 1

  /// The numbers that stand for a value.
  static let numbers = -infinity...nan

  init(number: Int32) { self.number = number }

  init(_ value: Double) {
    if value.isNaN {
      number = Self.nan
      return
    }
    let size = value.magnitude.bitPattern
    let half: UInt64 = 1 &<< (Self.droppedBits - 1)
    var rounded = Int32(truncatingIfNeeded: (size &+ half) &>> Self.droppedBits)
    // The largest finite values stay finite.
    if value.isFinite, rounded == Self.infinity { rounded -= 1 }
    number = value.sign == .minus ? -rounded : rounded
  }

  /// The value.
  var value: Double {
    if number == Self.nan { return .nan }
    let size = Double(bitPattern: UInt64(number.magnitude) &<< Self.droppedBits)
    return number < 0 ? -size : size
  }

  static func < (one: RoundedValue, other: RoundedValue) -> Bool { one.number < other.number }
}
