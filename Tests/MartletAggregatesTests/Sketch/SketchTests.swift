import MartletColumns
import MartletReference
import SeededRandom
import Testing

@testable import MartletAggregates

/// Whole numbers of which many are met more than once.
private func fewInts(_ random: inout SeededGenerator) -> Int64 {
  .random(in: 0...7, using: &random)
}

struct SketchLawTests {
  @Test(arguments: Seed.first(40)) func `any order and any split, the same bytes`(
    seed: Seed
  ) throws {
    try expectLaws(of: ApproxQuantile(0.5), seed: seed, row: oddDouble)
    expectRemoval(of: ApproxQuantile(0.5), seed: seed, row: oddDouble)
    try expectLaws(of: ApproxDistinct<String>(), seed: seed, row: oddText)
    try expectLaws(of: ApproxDistinct<Double>(), seed: seed, row: oddDouble)
    try expectLaws(of: Distinct<Double>(bound: 9), seed: seed, row: oddDouble)
    try expectLaws(of: Distinct<Int64>(), seed: seed, row: fewInts)
    try expectLaws(of: TopK<String>(3), seed: seed, row: oddText)
    try expectLaws(of: Histogram<String>(bound: 10), seed: seed, row: oddText)
    try expectLaws(of: Histogram<Bool>(), seed: seed) { Bool.random(using: &$0) }
  }

  @Test(arguments: Seed.first(6)) func `registers too end the same in every order`(
    seed: Seed
  ) throws {
    try expectLaws(of: ApproxDistinct<Int64>(), seed: seed, rowCount: 600) { random in
      .random(in: 0...400, using: &random)
    }
  }
}

struct DistinctFormTests {
  @Test func `few joined with many are as many at once`() {
    let distinct = ApproxDistinct<Int64>()
    let many = distinct.state(of: 0..<300)
    for few in [distinct.state(of: 300..<500), distinct.state(of: 290..<600)] {
      var one = many
      distinct.merge(few, into: &one)
      var other = few
      distinct.merge(many, into: &other)
      #expect(one == other)
      #expect(one != many)
    }
    var one = many
    distinct.merge(distinct.state(of: 300..<500), into: &one)
    #expect(one == distinct.state(of: 0..<500))
  }
}

struct StableHashTests {
  @Test func `hashes are frozen`() {
    #expect(Int64(0).stableHash == 0xD4C9_F723_1575_C736)
    #expect(Int64(-1).stableHash == 0xF874_E476_E014_68B6)
    #expect(1.5.stableHash == 0xB5AD_D527_44D1_F329)
    #expect("".stableHash == 0x1E53_5EED_E314_28F0)
    #expect("martlet".stableHash == 0xD62A_C561_F4AC_CFA2)
    #expect("a longer text of words".stableHash == 0x7336_1B57_586A_7532)
  }

  @Test func `one value has one hash, and kinds differ`() {
    #expect(0.0.stableHash == (-0.0).stableHash)
    #expect(Double.nan.stableHash == Double(nan: 3, signaling: true).stableHash)
    #expect("ab".stableHash == Array("ab".utf8).stableHash)
    #expect(
      Set([Int64(0).stableHash, 0.0.stableHash, "".stableHash, [UInt8(0)].stableHash]).count == 4)
    let zeros = (0..<20).map { [UInt8](repeating: 0, count: $0).stableHash }
    #expect(Set(zeros).count == 20)
  }

  @Test func `one bit in flips half the bits out`() {
    var flips = [Int](repeating: 0, count: 64)
    for number in Int64(0)..<200 {
      for bit in 0..<64 {
        flips[bit] += (number.stableHash ^ (number ^ 1 << bit).stableHash).nonzeroBitCount
      }
    }
    for bit in 0..<64 { #expect(abs(flips[bit] - 200 * 32) < 300, "bit \(bit)") }
  }
}

struct ApproxDistinctTests {
  @Test func `few are counted exactly`() {
    let distinct = ApproxDistinct<Int64>()
    for count in [0, 1, 2, 100, 256] {
      let rows = (0..<Int64(count)).flatMap { [$0, $0] }
      #expect(distinct.value(of: distinct.state(of: rows)) == Int64(count))
    }
    #expect(
      distinct.state(of: 0..<256) == .hashes(.init((0..<256).map(\Int64.stableHash)).sorted()))
    guard case .registers = distinct.state(of: 0..<257) else { return #expect(Bool(false)) }
  }

  @Test(arguments: [300, 1_000, 5_000, 20_000]) func `many are estimated within the stated error`(
    count: Int
  ) {
    let distinct = ApproxDistinct<Int64>()
    let seeds = Seed.first(24)
    var errors: [Double] = []
    for seed in seeds {
      var random = seed.generator()
      // By the span, as columns are added: what a loop over registers costs once is paid once.
      let rows = (0..<count).map { _ in Int64(bitPattern: random.next()) }
      var state = distinct.empty
      distinct.add(rows.span, to: &state)
      errors.append(Double(distinct.value(of: state) ?? 0) / Double(count) - 1)
    }
    let mean = errors.reduce(0, +) / Double(errors.count)
    let deviation = (errors.map { $0 * $0 }.reduce(0, +) / Double(errors.count)).squareRoot()
    #expect(deviation < 0.01625 * 1.5)
    #expect(abs(mean) < 0.01625 * 4 / Double(errors.count).squareRoot())
  }

  @Test func `texts of a column are the texts by themselves`() {
    let distinct = ApproxDistinct<String>()
    let texts = (0..<300).map { "text \($0 % 280)" } + ["", "é"]
    for count in [20, 302] {
      var state = distinct.empty
      distinct.add(Strings(texts.prefix(count)), to: &state)
      #expect(state == distinct.state(of: texts.prefix(count)))
    }
  }

  @Test func `registers that no value could have set are refused`() {
    let distinct = ApproxDistinct<Int64>()
    let bytes = distinct.encoded(distinct.state(of: 0..<300))
    #expect(bytes.count == 2 + 3072)
    #expect(throws: StateError("registers", .outOfRange)) {
      try distinct.decoded(bytes[..<2] + [255] + bytes[3...])
    }
    #expect(throws: StateError("registers", .notCanonical)) {
      try distinct.decoded([1, 1] + [UInt8](repeating: 0, count: 3072))
    }
    #expect(throws: StateError("hashes", .outOfOrder)) {
      try distinct.decoded([1, 0, 2] + [UInt8](repeating: 0, count: 16))
    }
  }
}

struct ApproxQuantileTests {
  private func quantile(_ fraction: Double, of values: [Double]) -> Double? {
    let quantile = ApproxQuantile(fraction)
    return quantile.value(of: quantile.state(of: values))
  }

  @Test func `the hundred smallest whole numbers are exact`() {
    let numbers = (1...100).map(Double.init)
    #expect(quantile(0.07, of: numbers) == 7)
    #expect(quantile(0.5, of: numbers) == 50)
    #expect(quantile(0.95, of: numbers) == 95)
    #expect(quantile(0, of: numbers) == 1)
    #expect(quantile(1, of: numbers) == 100)
    #expect(quantile(0.5, of: []) == nil)
    #expect(quantile(0.5, of: [-0.0, -3, 8]) == 0)
  }

  @Test(arguments: Seed.first(150)) func `agrees with sorting everything`(seed: Seed) throws {
    var random = seed.generator()
    let scale = Double.random(in: -300...300, using: &random)
    let values = (0..<Int.random(in: 1...60, using: &random)).map { _ in
      let size = Double(
        sign: .plus, exponent: Int(scale), significand: .random(in: 0.001...9, using: &random))
      return Bool.random(using: &random) ? size : -size
    }
    let millionths = Int.random(in: 0...1_000_000, using: &random)
    let found = try #require(quantile(Double(millionths) / 1_000_000, of: values))
    let exact = try #require(referenceQuantile(millionths, of: values))
    #expect(abs(found - exact) <= abs(exact) / 128, "\(seed)")
    // Values that have few bits to begin with leave the rank alone to be judged.
    let few = values.map { RoundedValue($0).value }
    #expect(
      quantile(Double(millionths) / 1_000_000, of: few) == referenceQuantile(millionths, of: few),
      "\(seed)")
  }

  @Test func `rounding keeps the order and the bound at the edges`() {
    var ascending: [Double] = [-.infinity]
    for exponent in stride(from: 1023, through: -1074, by: -7) {
      for significand in [1.999, 1.5, 1.0078126, 1.0078124, 1] {
        ascending.append(-Double(sign: .plus, exponent: exponent, significand: significand))
      }
    }
    ascending += [0] + ascending.reversed().map { -$0 }
    for (one, two) in zip(ascending, ascending.dropFirst()) {
      #expect(RoundedValue(one) <= RoundedValue(two))
    }
    for value in ascending where value.isNormal {
      #expect(abs(RoundedValue(value).value - value) <= abs(value) / 128, "\(value)")
    }
    #expect(RoundedValue(.greatestFiniteMagnitude).value.isFinite)
    #expect(RoundedValue(.infinity).value == .infinity)
    #expect(RoundedValue(-.infinity).value == -.infinity)
    #expect(RoundedValue(.nan).value.isNaN)
    #expect(RoundedValue(.infinity) < RoundedValue(.nan))
  }

  @Test func `damaged buckets are refused by their part`() {
    let median = ApproxQuantile(0.5)
    #expect(throws: StateError("bucket", .outOfOrder)) { try median.decoded([1, 2, 2, 1, 0, 1]) }
    #expect(throws: StateError("count", .notCanonical)) { try median.decoded([1, 1, 2, 0]) }
    #expect(throws: StateError("bucket", .outOfRange)) {
      try median.decoded([1, 1, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1])
    }
  }

  @Test func `counts that bytes claim cannot overflow`() throws {
    let median = ApproxQuantile(0.5)
    let claim = try median.decoded([1, 1, 2] + [UInt8](repeating: 0xFF, count: 9) + [1])
    var sum = claim
    median.merge(claim, into: &sum)
    #expect(sum == claim)
    #expect(median.value(of: sum) != nil)
  }
}

struct KeyCountTests {
  @Test(arguments: Seed.first(100)) func `agrees with counting one value at a time`(seed: Seed) {
    var random = seed.generator()
    let texts = (0..<Int.random(in: 1...30, using: &random)).map { _ in oddText(&random) }
    let counts = referenceCounts(texts.map { .text(Array($0.utf8)) })
    func asReference(_ keys: [CountedKey<String>]?) -> [[UInt8]]? {
      keys?.map { Array($0.key.utf8) + [UInt8($0.count)] }
    }
    func asReference(_ keys: [(value: ReferenceValue, count: Int)]) -> [[UInt8]] {
      keys.map { key in
        guard case .text(let bytes) = key.value else { return [] }
        return bytes + [UInt8(key.count)]
      }
    }
    let histogram = Histogram<String>()
    #expect(asReference(histogram.value(of: histogram.state(of: texts))) == asReference(counts))
    let distinct = Distinct<String>()
    #expect(distinct.value(of: distinct.state(of: texts)) == Int64(counts.count))
    let byCount = counts.indices.sorted { one, two in
      (-counts[one].count, one) < (-counts[two].count, two)
    }
    let top = TopK<String>(3)
    #expect(
      asReference(top.value(of: top.state(of: texts)))
        == asReference(byCount.prefix(3).map { counts[$0] }), "\(seed)")
  }

  @Test func `one key too many and the answer is null for good`() throws {
    let distinct = Distinct<Int64>(bound: 3)
    var state = distinct.state(of: [1, 2, 3, 1])
    #expect(distinct.value(of: state) == 3)
    distinct.add(4, to: &state)
    #expect(distinct.value(of: state) == nil)
    #expect(state.isOverBound)
    distinct.add(1, to: &state)
    #expect(distinct.encoded(state) == [1, 0])
    #expect(try distinct.decoded([1, 0]) == state)
    var one = distinct.state(of: [1, 2])
    distinct.merge(distinct.state(of: [3, 4]), into: &one)
    #expect(one == state)
  }

  @Test func `zeros are one key, and so are NaNs`() {
    let distinct = Distinct<Double>()
    #expect(distinct.value(of: distinct.state(of: [0.0, -0.0, .nan, -.nan])) == 2)
    #expect(distinct.value(of: distinct.empty) == 0)
    #expect(Histogram<Double>().value(of: distinct.empty) == nil)
  }

  @Test func `two spellings of a letter are two keys`() {
    let distinct = Distinct<String>()
    #expect(distinct.value(of: distinct.state(of: ["\u{e9}", "e\u{301}"])) == 2)
  }

  @Test func `damaged keys are refused by their part`() {
    let distinct = Distinct<Int64>(bound: 3)
    #expect(throws: StateError("keys", .outOfOrder)) { try distinct.decoded([1, 3, 2, 1, 2, 1]) }
    #expect(throws: StateError("count", .notCanonical)) { try distinct.decoded([1, 2, 2, 0]) }
    #expect(throws: StateError("key count", .outOfRange)) { try distinct.decoded([1, 5]) }
    #expect(throws: StateError("key", .notCanonical)) {
      try Distinct<Double>().decoded([1, 2, 0, 0, 0, 0, 0, 0, 0, 0x80, 1])
    }
    #expect(throws: StateError("text", .notCanonical)) {
      try Distinct<String>().decoded([1, 2, 1, 0xFF, 1])
    }
  }
}
