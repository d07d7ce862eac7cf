/// A number as the sum of two doubles, the second less than half a unit in the last place of the
/// first: 106 bits.
///
/// Plain additions and multiplications of doubles are the same on every machine, so that what is made
/// of them is as well; a mathematical library's functions are not.
struct DoubleDouble {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  /// The exact sum of two doubles, the first being the larger.
  private static func ordered(_ large: Double, _ small: Double) -> DoubleDouble {
    let sum = large + small
    return DoubleDouble(sum, small - (sum - large))
  }

  /// The exact sum of two doubles.
  static func sum(_ one: Double, _ other: Double) -> DoubleDouble {
    let sum = one + other
    let part = sum - one
    return DoubleDouble(sum, (one - (sum - part)) + (other - part))
  }

  /// The exact product of two doubles.
  static func product(_ one: Double, _ other: Double) -> DoubleDouble {
    let product = one * other
    return DoubleDouble(product, (-product).addingProduct(one, other))
  }

  static func + (one: DoubleDouble, other: DoubleDouble) -> DoubleDouble {
    let high = sum(one.high, other.high)
    let low = sum(one.low, other.low)
    let middle = ordered(high.high, high.low + low.high)
    return ordered(middle.high, middle.low + low.low)
  }

  static prefix func - (number: DoubleDouble) -> DoubleDouble {
    DoubleDouble(-number.high, -number.low)
  }

  static func - (one: DoubleDouble, other: DoubleDouble) -> DoubleDouble { one + -other }

  static func * (one: DoubleDouble, other: DoubleDouble) -> DoubleDouble {
    let high = product(one.high, other.high)
    return ordered(high.high, high.low + (one.high * other.low + one.low * other.high))
  }

  static func / (one: DoubleDouble, other: DoubleDouble) -> DoubleDouble {
    let first = one.high / other.high
    let rest = one - other * DoubleDouble(first)
    let second = rest.high / other.high
    let last = rest - other * DoubleDouble(second)
    return ordered(first, second) + DoubleDouble(last.high / other.high)
  }

  /// Its root; it is not negative.
  var squareRoot: DoubleDouble {
    guard high > 0 else { return DoubleDouble(0) }
    let root = DoubleDouble(high.squareRoot())
    let rest = self - root * root
    return root + DoubleDouble(rest.high / (2 * root.high))
  }

  /// The same times a power of two, which must neither overflow nor underflow.
  func scaled(by power: Double) -> DoubleDouble { DoubleDouble(high * power, low * power) }

  var nearest: Double { high + low }
}
