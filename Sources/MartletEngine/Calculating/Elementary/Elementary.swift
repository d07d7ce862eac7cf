/// Functions that no processor has, the same bits on every machine.
///
/// Each is worked out in 106 bits from plain operations and rounded once: the result is the double
/// nearest to the true value but for about one in a thousand million arguments, where it is a
/// neighbour.
enum Elementary {
  // Each constant to 106 bits.
  static let ln2 = DoubleDouble(0.6931471805599453, 2.3190468138462996e-17)
  static let ln10 = DoubleDouble(2.302585092994046, -2.1707562233822494e-16)
  static let pi = DoubleDouble(3.141592653589793, 1.2246467991473532e-16)

  /// The natural logarithm; none of what is not positive.
  static func logarithm(_ x: Double) -> Double? {
    if x.isNaN { return x }
    guard x > 0 else { return nil }
    return x.isInfinite ? x : logarithm(of: x).nearest
  }

  /// The decimal logarithm; none of what is not positive.
  static func decimalLogarithm(_ x: Double) -> Double? {
    if x.isNaN { return x }
    guard x > 0 else { return nil }
    return x.isInfinite ? x : (logarithm(of: x) / ln10).nearest
  }

  /// x = m · 2^k with m about 1; ln m = 2 (s + s³/3 + s⁵/5 …) with s = (m - 1) / (m + 1).
  private static func logarithm(of x: Double) -> DoubleDouble {
    var exponent = Double(x.exponent)
    var fraction = x.significand
    if fraction > 1.4142135623730951 {
      fraction /= 2
      exponent += 1
    }
    let s = (DoubleDouble(fraction) - DoubleDouble(1)) / (DoubleDouble(fraction) + DoubleDouble(1))
    let square = s * s
    var sum = DoubleDouble(0)
    for odd in stride(from: 45, through: 1, by: -2) {
      sum = sum * square + DoubleDouble(1) / DoubleDouble(Double(odd))
    }
    return (s * sum).scaled(by: 2) + ln2 * DoubleDouble(exponent)
  }

  /// e to the power x.
  static func exponential(_ x: Double) -> Double {
    x.isNaN ? x : exponential(of: DoubleDouble(x))
  }

  /// x = k · ln 2 + r; e^r by its series for r / 256, squared eight times.
  private static func exponential(of x: DoubleDouble) -> Double {
    guard x.high < 710 else { return .infinity }
    guard x.high > -746 else { return 0 }
    let k = (x.high / ln2.high).rounded()
    let r = (x - ln2 * DoubleDouble(k)).scaled(by: 1.0 / 256)
    var sum = DoubleDouble(1)
    for n in stride(from: 14.0, through: 1, by: -1) {
      sum = DoubleDouble(1) + r * sum / DoubleDouble(n)
    }
    for _ in 0..<8 { sum = sum * sum }
    // In two steps, each by a power of two that a double holds; rounded where the last one does.
    let half = (k / 2).rounded(.towardZero)
    let first = sum.scaled(by: Double(sign: .plus, exponent: Int(half), significand: 1))
    return Double(sign: .plus, exponent: Int(k - half), significand: 1) * first.nearest
  }

  /// x to the power y; none where no real number is.
  static func power(_ x: Double, _ y: Double) -> Double? {
    if y == 0 || x == 1 { return 1 }
    if x.isNaN || y.isNaN { return .nan }
    let isWhole = y == y.rounded()
    let isOdd = isWhole && (y / 2) != (y / 2).rounded()
    if x == 0 {
      guard y > 0 else { return nil }
      return isOdd ? x : 0
    }
    if y.isInfinite {
      let grows = (x.magnitude > 1) == (y > 0)
      return x.magnitude == 1 ? 1 : grows ? .infinity : 0
    }
    guard x > 0 || isWhole else { return nil }
    let sign: Double = x < 0 && isOdd ? -1 : 1
    if x.isInfinite { return y > 0 ? sign * .infinity : sign * 0 }
    let size = logarithm(of: x.magnitude)
    // Far out of range the exact exponent no longer matters, and its product could overflow.
    let rough = size.high * y
    guard rough.magnitude < 1_000 else { return sign * (rough > 0 ? .infinity : 0) }
    return sign * exponential(of: size * DoubleDouble(y))
  }

  // MARK: Decimals

  /// The double nearest to x rounded to so many decimals, half to even.
  static func rounded(_ x: Double, decimals: Int) -> Double {
    let scale = powersOfTen[decimals]
    // Beyond this every double is whole.
    guard x.isFinite, x.magnitude < 4_503_599_627_370_496 else { return x }
    let scaled = DoubleDouble.product(x, scale)
    guard scaled.high.magnitude < 4_503_599_627_370_496 else { return x }
    var whole = scaled.high.rounded(.toNearestOrEven)
    let rest = DoubleDouble.sum(scaled.high - whole, scaled.low).nearest
    if rest > 0.5 || rest == 0.5 && whole.truncatingRemainder(dividingBy: 2) != 0 { whole += 1 }
    if rest < -0.5 || rest == -0.5 && whole.truncatingRemainder(dividingBy: 2) != 0 { whole -= 1 }
    return whole / scale
  }

  /// Those that a double holds exactly, as far as they are asked for.
  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  // MARK: On the Earth

  /// Kilometres between two places in degrees, on a sphere of the Earth's mean radius.
  static func distance(
    latitude: Double, longitude: Double, otherLatitude: Double, otherLongitude: Double
  ) -> Double {
    let difference = { (one: Double, other: Double) in
      DoubleDouble.sum(other, -one).scaled(by: 0.5)
    }
    let upright = sine(difference(latitude, otherLatitude))
    let across = sine(difference(longitude, otherLongitude))
    let square =
      upright * upright + cosine(DoubleDouble(latitude)) * cosine(DoubleDouble(otherLatitude))
      * across * across
    guard square.high.isFinite else { return .nan }
    let rest = DoubleDouble(1) - square
    let angle =
      rest.high <= 0
      ? pi.scaled(by: 0.5) : arcTangent(square.squareRoot / rest.squareRoot)
    return (angle * DoubleDouble(2 * 6371.0088)).nearest
  }

  private static func cosine(_ degrees: DoubleDouble) -> DoubleDouble {
    sine(degrees + DoubleDouble(90))
  }

  /// Whole turns and quarters are taken off in degrees, where they are exact.
  private static func sine(_ degrees: DoubleDouble) -> DoubleDouble {
    guard degrees.high.isFinite else { return DoubleDouble(.nan) }
    let turn = degrees.high.remainder(dividingBy: 360)
    let rest = DoubleDouble.sum(turn, degrees.low)
    let quarter = (rest.high / 90).rounded()
    let angle =
      (rest - DoubleDouble(quarter * 90)) * pi / DoubleDouble(180)
    switch Int(quarter) & 3 {
    case 0: return series(angle, from: 1)
    case 1: return series(angle, from: 0)
    case 2: return -series(angle, from: 1)
    default: return -series(angle, from: 0)
    }
  }

  /// The sine's series begins with the first power, the cosine's with none.
  private static func series(_ x: DoubleDouble, from first: Double) -> DoubleDouble {
    let square = x * x
    var sum = DoubleDouble(1)
    for n in stride(from: 26 + first, to: first, by: -2) {
      sum = DoubleDouble(1) - square * sum / DoubleDouble(n * (n - 1))
    }
    return first == 1 ? x * sum : sum
  }

  /// Halved three times, then the series: t - t³/3 + t⁵/5 …
  private static func arcTangent(_ t: DoubleDouble) -> DoubleDouble {
    if t.high > 1 { return pi.scaled(by: 0.5) - arcTangent(DoubleDouble(1) / t) }
    var small = t
    for _ in 0..<3 {
      small = small / (DoubleDouble(1) + (DoubleDouble(1) + small * small).squareRoot)
    }
    let square = small * small
    var sum = DoubleDouble(0)
    for odd in stride(from: 35, through: 1, by: -2) {
      sum = DoubleDouble(1) / DoubleDouble(Double(odd)) - square * sum
    }
    return (small * sum).scaled(by: 8)
  }
}
