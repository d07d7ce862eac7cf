import MartletAggregates
import SeededRandom
import Testing

/// The laws of `Aggregate` and `RemovableAggregate`, over numbers that are hard to sum.
struct ExactLawTests {
  func expectLaws<A: RemovableAggregate>(_ aggregate: A, _ inputs: [A.Input], seed: Seed) throws {
    var random = seed.generator()
    let whole = aggregate.state(of: inputs)
    let bytes = aggregate.encoded(whole)

    // Any order, any split, merged in any order.
    let shuffled = inputs.shuffled(using: &random)
    var parts: [A.State] = []
    var rest = shuffled[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...rest.count, using: &random))
      rest = rest.dropFirst(part.count)
      var state = aggregate.empty
      Array(part).withUnsafeBufferPointer { aggregate.add($0.span, to: &state) }
      parts.append(state)
    }
    var merged = aggregate.empty
    for part in parts.shuffled(using: &random) { aggregate.merge(part, into: &merged) }
    #expect(merged == whole, "\(seed)")
    #expect(aggregate.encoded(merged) == bytes, "\(seed)")

    // Removing undoes adding, row by row and state by state.
    var trimmed = whole
    let removed = shuffled.prefix(Int.random(in: 0...shuffled.count, using: &random))
    for input in removed { aggregate.remove(input, from: &trimmed) }
    let kept = aggregate.state(of: shuffled.dropFirst(removed.count))
    #expect(aggregate.encoded(trimmed) == aggregate.encoded(kept), "\(seed)")
    aggregate.subtract(kept, from: &trimmed)
    #expect(aggregate.encoded(trimmed) == aggregate.encoded(aggregate.empty), "\(seed)")

    // What is written is read back, and goes on as before.
    var decoded = try aggregate.decoded(bytes)
    #expect(decoded == whole)
    aggregate.merge(kept, into: &decoded)
    var twice = whole
    aggregate.merge(kept, into: &twice)
    #expect(aggregate.encoded(decoded) == aggregate.encoded(twice), "\(seed)")

    // Bytes from elsewhere are refused or are a state; they never trap, alone or merged.
    for _ in 0..<20 {
      var hostile = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<hostile.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: hostile[place] = UInt8.random(in: 0...255, using: &random)
        case 1 where hostile.count > 1: hostile.remove(at: place)
        default: hostile.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      guard let state = try? aggregate.decoded(hostile) else { continue }  // refused: as it should
      #expect(aggregate.encoded(state) == hostile, "\(seed): two ways to write one state")
      var joined = state
      aggregate.merge(whole, into: &joined)
      aggregate.merge(joined, into: &joined)
      _ = aggregate.value(of: joined)
    }
  }

  @Test(arguments: Seed.first(40))
  func `doubles obey`(seed: Seed) throws {
    var hard = HardNumbers(seed)
    let numbers = hard.doubles(Int.random(in: 0...30, using: &hard.random))
    try expectLaws(DoubleSum(.sum), numbers, seed: seed)
    try expectLaws(DoubleSum(.average), numbers, seed: seed)
    try expectLaws(DoubleSpread(.standardDeviation), numbers, seed: seed)
    try expectLaws(Count<Double>(), numbers, seed: seed)
  }

  @Test(arguments: Seed.first(30))
  func `integers obey`(seed: Seed) throws {
    var random = seed.generator()
    let numbers = (0..<Int.random(in: 0...30, using: &random)).map { _ in
      Int64(bitPattern: random.next() >> UInt64.random(in: 0..<64, using: &random))
    }
    try expectLaws(IntSum(), numbers, seed: seed)
    try expectLaws(IntAverage(), numbers, seed: seed)
    try expectLaws(IntSpread(.variance), numbers, seed: seed)
  }
}
