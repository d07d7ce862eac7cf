import MartletReference
import SeededRandom
import Testing

@testable import MartletAggregates

struct BigNaturalTests {
  /// Words that carry and borrow far: all zeros and all ones are as likely as any other.
  func words(_ random: inout SeededGenerator) -> [UInt64] {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in
      [0, .max, 1, random.next()].randomElement(using: &random) ?? 0
    }
  }

  func reference(_ words: [UInt64]) -> BigInteger {
    words.reversed().reduce(BigInteger(0)) {
      $0 * BigInteger.power(ofTwo: 64) + BigInteger($1)
    }
  }

  @Test(arguments: Seed.first(300))
  func `subtracts, multiplies, divides and shifts as on paper`(seed: Seed) {
    var random = seed.generator()
    let (first, second) = (words(&random), words(&random))
    let (one, other) = (BigNatural(first), BigNatural(second))
    let (difference, isNegative) = BigNatural.difference(one, other)
    let expected = reference(first) - reference(second)
    #expect(reference(difference.words) == (isNegative ? -expected : expected))
    #expect(reference((one * other).words) == reference(first) * reference(second))
    let bits = Int.random(in: 0...200, using: &random)
    #expect(
      reference(one.shiftedLeft(by: bits).words)
        == reference(first) * BigInteger.power(ofTwo: bits))
    #expect(one.shiftedLeft(by: bits).shiftedRight(by: bits) == one)
    let divisor = max(random.next() >> UInt64.random(in: 0..<64, using: &random), 1)
    let (quotient, hasRemainder) = one.divided(by: divisor)
    let rest = reference(first) - reference(quotient.words) * BigInteger(divisor)
    #expect(rest >= BigInteger(0) && rest < BigInteger(divisor))
    #expect(hasRemainder == !rest.isZero)
  }
}
