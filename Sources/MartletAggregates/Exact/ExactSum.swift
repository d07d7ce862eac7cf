/// The sum of doubles as it truly is, rounded once when it is asked for.
///
/// Any order, any split and any history of adding and removing give the same sum. Infinities and
/// NaNs are counted, so that they can be removed too: what is left then is what it would have been
/// without them. A sum of zero is 0.0, never -0.0, since nothing exact tells the two apart.
struct ExactSum: Equatable, Sendable {
  var finite = FixedPoint()
  private var specials = Specials()

  /// Adds a double.
  @inline(__always)
  mutating func add(_ number: Double) {
    let parts = DoubleParts(number)
    if parts.isSpecial { return specials.add(number) }
    finite.add(parts.mantissa, exponent: parts.exponent)
  }

  /// Takes out a double that was added.
  @inline(__always)
  mutating func remove(_ number: Double) {
    let parts = DoubleParts(number)
    if parts.isSpecial { return specials.remove(number) }
    finite.add(-parts.mantissa, exponent: parts.exponent)
  }

  mutating func merge(_ other: ExactSum) {
    finite.add(other.finite)
    specials.merge(other.specials)
  }

  mutating func subtract(_ other: ExactSum) {
    finite.subtract(other.finite)
    specials.subtract(other.specials)
  }

  /// The double nearest to the sum; ties go to the even one.
  var rounded: Double { specials.result ?? finite.rounded }

  /// The double nearest to the sum divided by `count`, which is at least 1.
  func rounded(dividedBy count: UInt64) -> Double {
    specials.result ?? finite.rounded(dividedBy: count)
  }

  func encode(into writer: inout StateWriter) {
    specials.encode(into: &writer)
    finite.canonical.encode(into: &writer)
  }

  init() {}

  /// A sum of finite numbers.
  init(_ finite: FixedPoint) { self.finite = finite }

  init(from reader: inout StateReader) throws(StateError) {
    specials = try Specials(from: &reader)
    finite = try FixedPoint(from: &reader)
  }
}
