/// A fraction of whole numbers of any size.
public struct Fraction: Sendable {
  public var numerator: BigInteger
  /// Over zero.
  public var denominator: BigInteger

  public init(_ numerator: BigInteger, over denominator: BigInteger) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The number that a finite double is. Over 2^1126 every one is whole, subnormals too.
  public init(_ number: Double) {
    let denominator = BigInteger.power(ofTwo: 1_126)
    guard number != 0 else {
      self.init(BigInteger(0), over: denominator)
      return
    }
    // A significand is 1 up to 2, in steps of 2^-52 at the finest.
    let steps = BigInteger(UInt64(number.significand * 0x1p52))
    let whole = steps * BigInteger.power(ofTwo: Int(number.exponent) - 52 + 1_126)
    self.init(number < 0 ? -whole : whole, over: denominator)
  }

  /// The double nearest to this, the even one of two: found by halving the range of all doubles.
  public var nearestDouble: Double {
    if numerator < BigInteger(0) { return -Fraction(-numerator, over: denominator).nearestDouble }
    // The greatest finite double that is not above.
    var low: UInt64 = 0
    var high = Double.greatestFiniteMagnitude.bitPattern
    while low < high {
      let middle = low + (high - low + 1) / 2
      if isUnder(Double(bitPattern: middle)) { high = middle - 1 } else { low = middle }
    }
    let below = Double(bitPattern: low)
    // Half way to the next one up; past the largest double that one is 2^1024.
    let twice = Fraction(below).numerator + Fraction.next(after: below)
    let scale = BigInteger.power(ofTwo: 1_126)
    let mine = numerator * scale * BigInteger(2)
    let half = twice * denominator
    if mine < half { return below }
    if half < mine || low % 2 == 1 { return Double(bitPattern: low + 1) }
    return below
  }

  /// The numerator over 2^1126 of the double after `number`.
  private static func next(after number: Double) -> BigInteger {
    if number == .greatestFiniteMagnitude { return BigInteger.power(ofTwo: 1_024 + 1_126) }
    return Fraction(number.nextUp).numerator
  }

  private func isUnder(_ number: Double) -> Bool {
    let other = Fraction(number)
    return numerator * other.denominator < other.numerator * denominator
  }
}
