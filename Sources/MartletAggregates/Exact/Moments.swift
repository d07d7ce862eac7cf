/// How many numbers there are, and the exact sums of them and of their squares.
///
/// The square of a double is its mantissa's square, of up to 106 bits, at twice the exponent: exact,
/// where a double would lose half of it.
public struct Moments: Equatable, Sendable {
  private var rows: Tally = .zero
  private var sum = FixedPoint()
  private var squares = FixedPoint()
  private var specials = Specials()

  @inline(__always)
  mutating func add(_ number: Double) {
    rows.add(1)
    let parts = DoubleParts(number)
    if parts.isSpecial { return specials.add(number) }
    sum.add(parts.mantissa, exponent: parts.exponent)
    squares.add(parts.square, exponent: 2 &* parts.exponent)
  }

  @inline(__always)
  mutating func remove(_ number: Double) {
    rows.subtract(1)
    let parts = DoubleParts(number)
    if parts.isSpecial { return specials.remove(number) }
    sum.add(-parts.mantissa, exponent: parts.exponent)
    squares.add(-parts.square, exponent: 2 &* parts.exponent)
  }

  mutating func add(_ number: Int64) {
    rows.add(1)
    sum.add(Int128(number), exponent: 0)
    let square = number.magnitude.multipliedFullWidth(by: number.magnitude)
    squares.add(Int128(square.low), exponent: 0)
    squares.add(Int128(square.high), exponent: 64)
  }

  mutating func remove(_ number: Int64) {
    rows.subtract(1)
    sum.add(-Int128(number), exponent: 0)
    let square = number.magnitude.multipliedFullWidth(by: number.magnitude)
    squares.add(-Int128(square.low), exponent: 0)
    squares.add(-Int128(square.high), exponent: 64)
  }

  mutating func merge(_ other: Moments) {
    rows.add(other.rows)
    sum.add(other.sum)
    squares.add(other.squares)
    specials.merge(other.specials)
  }

  mutating func subtract(_ other: Moments) {
    rows.subtract(other.rows)
    sum.subtract(other.sum)
    squares.subtract(other.squares)
    specials.subtract(other.specials)
  }

  /// The variance of a sample, correctly rounded. `nil` of fewer than two rows; NaN where one is not
  /// finite.
  var variance: Double? {
    guard rows > 1 else { return nil }
    guard specials.isEmpty else { return .nan }
    return weightedVariance.divided(by: [rows.number, rows.number - 1])
  }

  /// The root of the variance, under one unit in the last place from the true one; there are roots
  /// where the variance itself is too large or too small for a double.
  var standardDeviation: Double? {
    guard rows > 1 else { return nil }
    guard specials.isEmpty else { return .nan }
    // Four to some power is taken out before the root, and two to it is put back after.
    let weighted = weightedVariance
    let power = (weighted.magnitude.bitCount + weighted.exponent) >> 1
    let variance = CanonicalNumber(
      isNegative: false, magnitude: weighted.magnitude, exponent: weighted.exponent - 2 * power
    ).divided(by: [rows.number, rows.number - 1])
    return Double(sign: .plus, exponent: power, significand: variance.squareRoot())
  }

  /// The variance times n·(n − 1), where n is the number of rows: n·Σx² − (Σx)², exactly.
  private var weightedVariance: CanonicalNumber {
    let sum = sum.canonical
    let squares = squares.canonical
    // Both terms at the lower of their two exponents, so that they subtract as whole numbers.
    let exponent = min(squares.exponent, 2 * sum.exponent)
    let weighted = (squares.magnitude * BigNatural([rows.number]))
      .shiftedLeft(by: squares.exponent - exponent)
    let product = (sum.magnitude * sum.magnitude).shiftedLeft(by: 2 * sum.exponent - exponent)
    let (difference, _) = BigNatural.difference(weighted, product)
    return CanonicalNumber(isNegative: false, magnitude: difference, exponent: exponent)
  }

  // version · rows · infinities and NaNs · sum · sum of squares
  func encode(into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(rows.number)
    specials.encode(into: &writer)
    sum.canonical.encode(into: &writer)
    squares.canonical.encode(into: &writer)
  }

  init() {}

  init(from reader: inout StateReader) throws(StateError) {
    try reader.readVersion(1)
    rows = Tally(try reader.readNumber("rows"))
    specials = try Specials(from: &reader)
    sum = FixedPoint(try CanonicalNumber(from: &reader))
    squares = FixedPoint(try CanonicalNumber(from: &reader))
  }
}

extension DoubleParts {
  /// The mantissa's square, under 2^106.
  fileprivate var square: Int128 {
    Int128(truncatingIfNeeded: UInt128(mantissa.magnitude) &* UInt128(mantissa.magnitude))
  }
}
