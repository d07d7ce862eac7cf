import Glibc
import MartletColumns
import SeededRandom
import Testing

@testable import MartletAggregates

private let hour: Int64 = 3_600_000_000

private func oddEvent(_ random: inout SeededGenerator) -> Timed<Double> {
  let times: [Int64] = [
    .min, .max, 0, -1, hour, -hour, .random(in: -9...9, using: &random) * hour / 7,
  ]
  return Timed(
    oddDouble(&random), at: EventTime(microseconds: times.randomElement(using: &random) ?? 0))
}

struct DecayedSumTests {
  private let hourly = DecayedSum(halfLife: TimeLength(microseconds: hour))

  private func value(_ events: [(Int64, Double)], at question: Int64) -> Double? {
    let rows = events.map { Timed($0.1, at: EventTime(microseconds: $0.0)) }
    return hourly.value(of: hourly.state(of: rows), at: AsOf(microseconds: question))
  }

  @Test(arguments: Seed.first(60)) func `any order and any split, the same bytes`(
    seed: Seed
  ) throws {
    try expectLaws(of: hourly, seed: seed, rowCount: 20, row: oddEvent)
    expectRemoval(of: hourly, seed: seed, rowCount: 20, row: oddEvent)
    let shortest = DecayedSum(halfLife: DecayedSum.shortestHalfLife)
    try expectLaws(of: shortest, seed: seed, rowCount: 20, row: oddEvent)
  }

  @Test func `a value halves every half-life`() {
    #expect(value([(0, 8)], at: 0) == 8)
    #expect(value([(0, 8)], at: hour) == 4)
    #expect(value([(-hour, 8), (0, 1)], at: 2 * hour) == 1.25)
    #expect(value([(0, 8)], at: -hour) == 16)
    #expect(value([(0, .leastNonzeroMagnitude)], at: -60 * hour) == 0x1p-1014)
    #expect(value([(hour / 3, .leastNonzeroMagnitude)], at: hour / 3 - 60 * hour) == 0x1p-1014)
    #expect(value([], at: 0) == nil)
    #expect(value([(0, 3), (0, -3)], at: 5) == 0)
    #expect(value([(.max, 1.5)], at: .max) == 1.5)
    #expect(value([(.min, 1)], at: .max) == 0)
    #expect(value([(.max, -1)], at: .min) == -.infinity)
  }

  @Test func `what is no finite number adds up as in any sum, and can be removed`() {
    #expect(value([(0, .infinity), (1, 2)], at: 3) == .infinity)
    #expect(value([(0, -.infinity), (1, 2)], at: 3) == -.infinity)
    #expect(value([(0, .infinity), (1, -.infinity)], at: 3)?.isNaN == true)
    #expect(value([(0, .nan)], at: 3)?.isNaN == true)
    #expect(value([(0, -0.0)], at: 3)?.sign == .plus)
  }

  @Test(arguments: Seed.first(300)) func `an event of this moment counts in full, to the last bit`(
    seed: Seed
  ) {
    var random = seed.generator()
    let value = Double.random(in: 1...2, using: &random)
    let time = Int64(bitPattern: random.next())
    #expect(self.value([(time, value)], at: time) == value, "\(seed)")
  }

  @Test(arguments: Seed.first(300)) func `agrees with the C library within the stated error`(
    seed: Seed
  ) throws {
    var random = seed.generator()
    let question = Int64.random(in: 0..<1_000_000 * hour, using: &random)
    let events = (0..<Int.random(in: 1...9, using: &random)).map { _ in
      (
        question - Int64.random(in: 0..<60 * hour, using: &random),
        Double.random(in: -100...100, using: &random)
      )
    }
    let found = try #require(value(events, at: question))
    let terms = events.map { $0.1 * exp2(-Double(question - $0.0) / Double(hour)) }
    // The library's own exponent, a double near 60, is good to 2^-47 here.
    let slack = terms.map(abs).reduce(0, +) * 0x1p-46
    #expect(abs(found - terms.reduce(0, +)) <= slack, "\(seed)")
  }

  @Test func `powers of two are frozen to the last bit`() {
    // From a computation with 60 decimal digits, rounded down; ours may lie 2^−56 below.
    func expect(_ part: UInt64, _ exact: UInt64, sourceLocation: SourceLocation = #_sourceLocation)
    {
      let power = PowerOfTwo.fraction(part)
      let error = Int64(truncatingIfNeeded: power &- exact)
      #expect((-128...0).contains(error), "\(error)", sourceLocation: sourceLocation)
    }
    expect(0, 1 << 63)
    expect(0x8000_0000_0000_0000, 0xB504_F333_F9DE_6484)
    expect(0x0000_0001_0000_0000, 0x8000_0000_58B9_0BFC)
    expect(0x0000_0000_FFFF_FFFF, 0x8000_0000_58B9_0BFB)
    expect(0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF)
    expect(0xDEAD_BEEF_1234_5678, 0xE9EA_2910_CE49_CB62)
    expect(0x4164_D839_9F76_7C45, 0x98CB_4A13_404B_25C7)
    expect(0x5BC8_FBBC_BDE5_C099, 0xA41C_A183_660B_3251)
    expect(0xB0C1_1FDE_CB91_CE37, 0xCE90_7351_2711_1E35)
    expect(0xD76D_4330_F144_6BEA, 0xE55D_D3C2_E57A_C4DF)
  }

  @Test func `damaged sums are refused by their part`() {
    let rest: [UInt8] = [1, 0, 0, 0]
    #expect(throws: StateError("place", .outOfOrder)) {
      try hourly.decoded([1] + rest + [2, 2, 2, 0, 2])
    }
    #expect(throws: StateError("digit", .notCanonical)) {
      try hourly.decoded([1] + rest + [1, 2, 0])
    }
    #expect(throws: StateError("digit", .outOfRange)) {
      try hourly.decoded([1] + rest + [1, 2, 0x80, 0x80, 0x80, 0x80, 0x10])
    }
    #expect(throws: StateError("place", .outOfRange)) {
      try hourly.decoded([1] + rest + [1] + [UInt8](repeating: 0xFF, count: 8) + [1, 2])
    }
  }

  @Test func `a state stays small while its events lie near`() {
    let rows = (0..<1000).map { Timed(Double($0), at: EventTime(microseconds: $0 * hour / 100)) }
    #expect(hourly.encoded(hourly.state(of: rows)).count < 40)
  }
}
