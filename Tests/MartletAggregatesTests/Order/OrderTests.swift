import MartletAggregates
import MartletColumns
import MartletReference
import SeededRandom
import Testing

/// Doubles among which the odd ones are frequent.
func oddDouble(_ random: inout SeededGenerator) -> Double {
  let odd = [
    0.0, -0.0, 1, -1, .nan, Double(nan: 7, signaling: false), .infinity, -.infinity,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
  ]
  return Bool.random(using: &random)
    ? odd.randomElement(using: &random)! : Double(bitPattern: random.next())
}

/// Texts of which many share a beginning, or differ in spelling alone.
func oddText(_ random: inout SeededGenerator) -> String {
  ["", "a", "ab", "aa", "b", "\u{e9}", "e\u{301}", "z", "\u{10348}", "\u{ffff}", "a\u{0}"]
    .randomElement(using: &random)!
}

private func oddEvent(_ random: inout SeededGenerator) -> Timed<Double> {
  let time = EventTime(microseconds: .random(in: -3...3, using: &random))
  return Timed(oddDouble(&random), at: time)
}

struct OrderLawTests {
  @Test(arguments: Seed.first(60)) func `any order and any split, the same bytes`(
    seed: Seed
  ) throws {
    for end in [RankingEnd.lowest, .highest] {
      try expectLaws(of: Extreme<Double>(end), seed: seed, row: oddDouble)
      try expectLaws(of: Extreme<String>(end), seed: seed, row: oddText)
      try expectLaws(of: Extreme<Bool>(end), seed: seed) { Bool.random(using: &$0) }
      try expectLaws(of: Extreme<Timed<Double>>(end), seed: seed, row: oddEvent)
      try expectLaws(of: Extremes<Timed<Double>>(3, end), seed: seed, row: oddEvent)
      try expectLaws(of: Extremes<Int64>(5, end), seed: seed) { .random(in: -9...9, using: &$0) }
      try expectLaws(of: Extremes<String>(1, end), seed: seed, row: oddText)
    }
    for question in [Flags.Question.any, .all] {
      try expectLaws(of: Flags(question), seed: seed) { Bool.random(using: &$0) }
      expectRemoval(of: Flags(question), seed: seed) { Bool.random(using: &$0) }
    }
  }

  @Test(arguments: Seed.first(200)) func `first and last agree with sorting everything`(
    seed: Seed
  ) {
    var random = seed.generator()
    let events = (0..<Int.random(in: 0...12, using: &random)).map { _ in oddEvent(&random) }
    let asReference = events.map { ReferenceEvent($0.time.microseconds, .double($0.value)) }
    func expect(_ found: [Timed<Double>], _ expected: [ReferenceEvent]) {
      let found = found.map { ReferenceEvent($0.time.microseconds, .double($0.value)) }
      #expect(found == expected, "\(seed)")
    }
    for count in 1...4 {
      let first = Extremes<Timed<Double>>(count, .lowest)
      expect(
        first.value(of: first.state(of: events))?.values ?? [],
        referenceFirst(count, of: asReference))
      let last = Extremes<Timed<Double>>(count, .highest)
      expect(
        last.value(of: last.state(of: events))?.values ?? [], referenceLast(count, of: asReference))
    }
    let first = Extreme<Timed<Double>>(.lowest)
    let last = Extreme<Timed<Double>>(.highest)
    expect(
      [first.value(of: first.state(of: events))].compactMap(\.self),
      referenceFirst(1, of: asReference))
    expect(
      [last.value(of: last.state(of: events))].compactMap(\.self), referenceLast(1, of: asReference)
    )
  }
}

struct RankingTests {
  /// Every pair of `ascending` ranks as it stands.
  private func expectAscending<Value: Ranked>(_ ascending: [Value]) {
    for (index, one) in ascending.enumerated() {
      for (other, two) in ascending.enumerated() {
        #expect(one.ranksBelow(two) == (index < other), "\(one) and \(two)")
      }
    }
  }

  @Test func `doubles ascend from minus infinity to NaN`() {
    expectAscending([
      -.infinity, -2, -1, -.leastNonzeroMagnitude, -0.0, 0.0, .leastNonzeroMagnitude, 1, 2,
      .infinity, Double.nan,
    ])
    #expect(Double(nan: 9, signaling: false).isSame(as: -Double.nan))
  }

  @Test func `texts ascend by their bytes`() {
    expectAscending([
      "", "a", "a\u{0}", "aa", "b", "e\u{301}", "z", "\u{e9}", "\u{ffff}", "\u{10348}",
    ])
    expectAscending(["aaaaaaaz", "baaaaaaa"])
    expectAscending(["chapter 1", "chapter 10", "chapter 2", "chapter 2a", "chaqter 1", "d"])
    expectAscending([[], [0], [0, 0], [1], [255]] as [[UInt8]])
  }

  @Test func `flags and times ascend`() {
    expectAscending([false, true])
    expectAscending([Int64.min, -1, 0, 1, .max].map { Instant(microseconds: $0) })
    expectAscending([
      Timed("b", at: EventTime(microseconds: 1)), Timed("a", at: EventTime(microseconds: 2)),
    ])
  }
}

struct ExtremeTests {
  @Test func `min and max of nothing are nothing`() {
    #expect(Extreme<Double>(.lowest).value(of: Extreme<Double>(.lowest).empty) == nil)
    #expect(Extremes<Int64>(2, .highest).value(of: Extremes<Int64>(2, .highest).empty) == nil)
    #expect(Flags(.any).value(of: Flags(.any).empty) == nil)
  }

  @Test func `the smaller zero is the negative one`() {
    let lowest = Extreme<Double>(.lowest)
    #expect(lowest.value(of: lowest.state(of: [0.0, -0.0]))?.sign == .minus)
    let highest = Extreme<Double>(.highest)
    #expect(highest.value(of: highest.state(of: [0.0, -0.0]))?.sign == .plus)
  }

  @Test func `k values keep repeats and say the outermost first`() {
    let largest = Extremes<Int64>(3, .highest)
    #expect(largest.value(of: largest.state(of: [1, 7, 3, 7]))?.values == [7, 7, 3])
  }

  @Test func `nulls are skipped and counted`() {
    let lowest = Extreme<Int64>(.lowest)
    var state = lowest.empty
    let rows: [Int64] = [0, 5, 4]
    #expect(lowest.add(rows.span, validity: Bitmap([false, true, true]), to: &state) == 1)
    #expect(lowest.value(of: state) == 4)
  }

  @Test func `any and all of flags`() {
    func answers(_ flags: [Bool]) -> [Bool?] {
      [Flags(.any), Flags(.all)].map { $0.value(of: $0.state(of: flags)) }
    }
    #expect(answers([true, false]) == [true, false])
    #expect(answers([true, true]) == [true, true])
    #expect(answers([false]) == [false, false])
  }

  @Test func `the age of the last event never leaves the clock`() {
    let last = Extreme<Instant>(.highest)
    func age(_ times: [Int64], at question: Int64) -> Int64? {
      let state = last.state(of: times.map(Instant.init))
      return last.age(of: state, at: AsOf(microseconds: question))?.microseconds
    }
    #expect(age([], at: 5) == nil)
    #expect(age([1, 3, 2], at: 5) == 2)
    #expect(age([.min], at: .max) == .max)
  }

  @Test func `damaged states are refused by their part`() {
    let largest = Extremes<Int64>(2, .highest)
    #expect(throws: StateError("version", .unknownVersion(9))) { try largest.decoded([9]) }
    #expect(throws: StateError("values", .outOfOrder)) { try largest.decoded([1, 2, 2, 4]) }
    #expect(throws: StateError("value count", .outOfRange)) {
      try largest.decoded([1, 3, 6, 4, 2])
    }
    #expect(throws: StateError("end", .hasMore)) { try largest.decoded([1, 0, 0]) }
    #expect(throws: StateError("flag", .outOfRange)) {
      try Extreme<Int64>(.lowest).decoded([1, 2])
    }
    #expect(throws: StateError("double", .notCanonical)) {
      try Extreme<Double>(.lowest).decoded([1, 1, 1, 0, 0, 0, 0, 0, 0xF8, 0x7F])
    }
    #expect(throws: StateError("set flags", .notCanonical)) {
      try Flags(.any).decoded([1, 0x80, 0, 0])
    }
    #expect(throws: StateError("set flags", .outOfRange)) {
      try Flags(.any).decoded([1] + [UInt8](repeating: 0xFF, count: 9) + [2, 0])
    }
  }
}
