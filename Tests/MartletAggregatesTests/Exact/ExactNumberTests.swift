import Glibc
import MartletReference
import SeededRandom
import Testing

@testable import MartletAggregates

/// Whether two answers are the same to the bit, with one NaN for all.
func isSame(_ one: Double?, _ other: Double?) -> Bool {
  guard let one, let other else { return one == nil && other == nil }
  return one.isNaN ? other.isNaN : one.bitPattern == other.bitPattern
}

struct ExactNumberTests {
  func expectExact(_ numbers: [Double], _ comment: Comment? = nil) {
    let sum = DoubleSum(.sum)
    #expect(isSame(sum.value(of: sum.state(of: numbers)), Numbers.sum(numbers)), comment)
    let average = DoubleSum(.average)
    #expect(
      isSame(average.value(of: average.state(of: numbers)), Numbers.average(numbers)), comment)
    let variance = DoubleSpread(.variance)
    #expect(
      isSame(variance.value(of: variance.state(of: numbers)), Numbers.variance(numbers)), comment)
    let deviation = DoubleSpread(.standardDeviation)
    let root = deviation.value(of: deviation.state(of: numbers))
    #expect(Numbers.isStandardDeviation(root, of: numbers), comment)
  }

  @Test(arguments: Seed.first(40))
  func `sums, averages and variances are correctly rounded`(seed: Seed) {
    var hard = HardNumbers(seed)
    expectExact(hard.doubles(Int.random(in: 0...40, using: &hard.random)), "\(seed)")
  }

  @Test(
    arguments: [
      [], [0], [-0.0], [-0.0, -0.0], [1, 0x1p-53], [1, 0x1p-53, 0x1p-1074], [1, -0x1p-54],
      [0x1p53, 1], [0x1p53, 1, 1], [1e308, 1e308], [1e308, 1e308, -1e308], [1e308, 1e-308, -1e308],
      [.greatestFiniteMagnitude, 0x1p969], [.greatestFiniteMagnitude, 0x1p970],
      [-.greatestFiniteMagnitude, -0x1p970], [0x1p-1074, 0x1p-1074], [0x1p-1074, -0x1p-1074],
      [0x1p-1022, -0x1p-1074], [.infinity, 1], [.infinity, -.infinity], [.nan, 1],
      [-.infinity, -1e308], [1, 2, 3, 4], [0.1, 0.2, 0.3], [1, 1, 1], [1e200, -1e200, 3],
      [1, 0x1p-53, 0x1p-66], [0x1p-960, 0x1p-1074], [0x1p-980, 0x1p-1033, 0x1p-1074],
      [1e-200, 3e-200],
      [0x1p-1074, 0x1p-1073], [1e308, -1e308], [1e308, -1e308, 1e308, -1e308],
    ] as [[Double]])
  func `the hard cases by name`(numbers: [Double]) { expectExact(numbers) }

  @Test(arguments: Seed.first(40))
  func `integers sum in 128 bits, and say when 64 are too few`(seed: Seed) {
    var random = seed.generator()
    let numbers = (0..<Int.random(in: 0...20, using: &random)).map { _ in
      [Int64.max, .min, 0, -1, .random(in: .min ... .max, using: &random)]
        .randomElement(using: &random)!
    }
    let exact = numbers.reduce(Int128(0)) { $0 + Int128($1) }
    let sum = IntSum()
    let state = sum.state(of: numbers)
    #expect(sum.value(of: state) == (numbers.isEmpty ? nil : Int64(exactly: exact)))
    #expect(sum.overflows(state) == (Int64(exactly: exact) == nil))
    let average = IntAverage()
    #expect(isSame(average.value(of: average.state(of: numbers)), Numbers.average(numbers)))
    let variance = IntSpread(.variance)
    #expect(isSame(variance.value(of: variance.state(of: numbers)), Numbers.variance(numbers)))
  }

  @Test func `terms that cancel each other in great numbers leave what does not`() {
    let sum = DoubleSum(.sum)
    var state = sum.empty
    let pairs = getenv("MARTLET_NIGHTLY") == nil ? 50_000 : 5_000_000
    for _ in 0..<pairs {
      for number in [1e300, 1e-300, -1e300, 3e-300] { sum.add(number, to: &state) }
    }
    let pair = Fraction(1e-300).numerator + Fraction(3e-300).numerator
    let expected = Fraction(pair * BigInteger(pairs), over: Fraction(0).denominator).nearestDouble
    #expect(isSame(sum.value(of: state), expected))
  }

  @Test func `carries fall due between numbers far apart`() {
    // Cancelled, the number's upper limbs are gone when carries are settled, and needed again.
    var wide = WideNumber(FixedPoint(1).canonical)
    wide.add(1, exponent: 900)
    wide.add(-1, exponent: 900)
    wide.additionsSinceCarry = WideNumber.mostAdditions
    wide.add(3, exponent: 900)
    wide.additionsSinceCarry = WideNumber.mostAdditions
    wide.add(WideNumber(FixedPoint(-1).canonical), negating: false)
    let expected = CanonicalNumber(isNegative: false, magnitude: BigNatural([3]), exponent: 900)
    #expect(wide.canonical == expected)
  }

  @Test func `a sum that outgrows 128 bits goes on exactly`() {
    let large = [Double](repeating: 0x1.fffffffffffffp56, count: 9)
    expectExact([1] + large)
    expectExact([-1] + large.map { -$0 })
    expectExact([1] + large + [-0x1p-60])
  }

  @Test func `a span that outgrows 128 bits goes on exactly`() {
    // Above three numbers that nearly fill the bits there is no room for a block's sum.
    let large = [Double](repeating: 0x1.8p56, count: 3)
    let numbers = [1] + large + [Double](repeating: 0x1.ffffp40, count: 140_000)
    let exact = 1 + 3 * (Int128(3) << 55) + 140_000 * ((Int128(1) << 41) - (Int128(1) << 24))
    let sum = DoubleSum(.sum)
    var state = sum.empty
    sum.add(numbers.span, to: &state)
    #expect(sum.value(of: state) == Double(exact))
    let rest = Array(numbers.dropFirst())
    sum.remove(rest.span, from: &state)
    #expect(sum.value(of: state) == 1)
  }

  @Test func `an average among the subnormals is rounded once`() {
    // Just under half way between an odd one and the next: 53 bits of it would be half way.
    let odd = Double(bitPattern: (1 << 45) + 1)
    let numbers = (0..<513).map { $0 < 256 ? odd.nextUp : odd }
    let average = DoubleSum(.average)
    #expect(average.value(of: average.state(of: numbers)) == odd)
    expectExact(numbers)
  }

  @Test func `usual sums take few bytes`() {
    let sum = DoubleSum(.sum)
    let amounts = (1...10_000).map { Double($0 * 37 % 100_000) / 100 }
    #expect(sum.encoded(sum.state(of: amounts)).count < 24)
    let spread = DoubleSpread(.variance)
    #expect(spread.encoded(spread.state(of: amounts)).count < 48)
  }
}
