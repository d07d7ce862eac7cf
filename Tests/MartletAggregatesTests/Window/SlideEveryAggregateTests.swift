import MartletAggregates
import MartletColumns
import MartletReference
import SeededRandom
import Testing

/// Whatever the way, the state that slides to a question has the bytes of its rows folded.
struct SlideEveryAggregateTests {
  @Test(arguments: Seed.first(8))
  func `numbers, exactly`(seed: Seed) {
    var history = History(seed)
    let doubles = history.inputs { random in
      [
        Double.random(in: -5...5, using: &random), 1e300, -1e300, .infinity, .nan, -0.0,
        .leastNonzeroMagnitude,
      ][
        max(0, Int.random(in: -9...6, using: &random))]
    }
    let ints = history.inputs { Int64.random(in: -3...3, using: &$0) }
    history.expectFolded(Count<Int64>(), ints) { $0.slide(over: $1, in: $2, emit: $3) }
    history.expectFolded(DoubleSum(.sum), doubles) { $0.slide(over: $1, in: $2, emit: $3) }
    // Near each other, so that one scale suits them all; and with a NaN among them.
    let amounts = history.inputs { Double.random(in: -5...5, using: &$0) * 0.01 }
    history.expectFolded(DoubleSum(.sum), amounts) { $0.slide(over: $1, in: $2, emit: $3) }
    let zeros = history.inputs { _ in -0.0 }
    history.expectFolded(DoubleSum(.sum), zeros) { $0.slide(over: $1, in: $2, emit: $3) }
    history.expectFolded(DoubleSum(.average), doubles) { $0.slide(over: $1, in: $2, emit: $3) }
    history.expectFolded(DoubleSpread(.variance), doubles) {
      $0.slide(over: $1, in: $2, emit: $3)
    }
    history.expectFolded(IntSum(), ints) { $0.slide(over: $1, in: $2, emit: $3) }
    history.expectFolded(IntAverage(), ints) { $0.slide(over: $1, in: $2, emit: $3) }
    history.expectFolded(IntSpread(.variance), ints) { $0.slide(over: $1, in: $2, emit: $3) }
  }

  @Test(arguments: Seed.first(8))
  func `ranks, and values with their times`(seed: Seed) {
    var history = History(seed)
    let doubles = history.inputs { random in
      [-0.0, 0.0, .nan, -.infinity, 1, 2][Int.random(in: 0...5, using: &random)]
    }
    let texts = history.inputs { ["", "a", "b", "ab"][Int.random(in: 0...3, using: &$0)] }
    let flags = history.inputs { Bool.random(using: &$0) }
    history.expectFolded(
      DecayedSum(halfLife: TimeLength(microseconds: 2_000)), history.timed(doubles)
    ) {
      $0.slide(over: $1, in: $2, emit: $3)
    }
    for end in [RankingEnd.lowest, .highest] {
      history.expectFolded(Extreme<Double>(end), doubles) { $0.slide(over: $1, in: $2, emit: $3) }
      history.expectFolded(Extremes<Double>(3, end), doubles) {
        $0.slide(over: $1, in: $2, emit: $3)
      }
      history.expectFolded(Extreme<Timed<String>>(end), history.timed(texts)) {
        $0.slide(over: $1, in: $2, emit: $3)
      }
    }
    history.expectFolded(Flags(.any), flags) { $0.slide(over: $1, in: $2, emit: $3) }
  }

  @Test(arguments: Seed.first(8))
  func `sketches`(seed: Seed) {
    var history = History(seed)
    let texts = history.inputs { String(Int.random(in: 0...30, using: &$0)) }
    let doubles = history.inputs { Double.random(in: -2...2, using: &$0) }
    history.expectFolded(ApproxDistinct<String>(), texts) { $0.slide(over: $1, in: $2, emit: $3) }
    history.expectFolded(Distinct<String>(bound: 6), texts) {
      $0.slide(over: $1, in: $2, emit: $3)
    }
    history.expectFolded(TopK<String>(2, bound: 6), texts) { $0.slide(over: $1, in: $2, emit: $3) }
    history.expectFolded(Histogram<String>(bound: 4), texts) {
      $0.slide(over: $1, in: $2, emit: $3)
    }
    let kinds = history.inputs { String(Int.random(in: 0...3, using: &$0)) }
    history.expectFolded(Histogram<String>(bound: 4), kinds) {
      $0.slide(over: $1, in: $2, emit: $3)
    }
    history.expectFolded(Distinct<Double>(bound: 9), doubles.map { $0 > 1 ? .nan : -0.0 }) {
      $0.slide(over: $1, in: $2, emit: $3)
    }
    history.expectFolded(ApproxQuantile(0.95), doubles) { $0.slide(over: $1, in: $2, emit: $3) }
  }
}

/// Exact sums slide as differences of sums from the beginning, while one scale suits all numbers.
struct SlidingSumTests {
  @Test(
    arguments: [
      { 0.01 * Double($0 % 37) - 0.1 },  // amounts
      { $0 == 150 ? 1e300 : 1e-3 * Double($0) },  // no one scale
      { $0 % 50 == 0 ? .infinity : Double($0) },
      { $0 % 3 == 0 ? 0.0 : Double($0) * 0x1p40 + Double($0 % 7) * 0x1p-20 },
      { Double($0 % 2) * 0x1p73 + 1 },  // as far apart as 128 bits allow, and one beyond
      { Double($0 % 2) * 0x1p12 + 0x1.0000000000001p-60 },
      { Double($0 % 2) * 0x1p13 + 0x1.0000000000001p-60 },
    ] as [@Sendable (Int) -> Double])
  func `a long history slides as its rows fold`(_ value: @Sendable (Int) -> Double) {
    let rows = (0..<300).map { value($0) }
    let whole = rows.map { Int64(exactly: $0.rounded()) ?? 1 }
    let times = Buffer((0..<300).map { Int64($0) })
    var frames = Frames(
      RowTimes(.events, events: times),
      windows: [3, 40, 70].map { .last(TimeLength(microseconds: $0)) })
    // A jump past all rows in the middle lets every sum go.
    let questions: [Int64] = Array(0..<120) + Array(200..<303)
    frames.append(questions.span, rows: 0..<300)
    expectFolded(DoubleSum(.sum), rows, questions) { $0.slide(over: $1, in: frames, emit: $2) }
    expectFolded(IntSum(), whole, questions) { $0.slide(over: $1, in: frames, emit: $2) }
  }

  private func expectFolded<Folded: Aggregate>(
    _ aggregate: Folded, _ inputs: [Folded.Input], _ questions: [Int64],
    slide: (Folded, Span<Folded.Input>, (Int, Int, Folded.State) -> Void) -> Void
  ) {
    slide(aggregate, inputs.span) { window, question, state in
      let end = min(Int(questions[question]), 300)
      let start = min(max(Int(questions[question]) - [3, 40, 70][window], 0), end)
      let folded = aggregate.state(of: inputs[start..<end])
      #expect(state == folded && aggregate.encoded(state) == aggregate.encoded(folded))
    }
  }
}

/// Three entities with some late rows, asked at every edge.
private struct History {
  static let windows = [
    ReferenceWindow(length: 4), ReferenceWindow(length: 15), ReferenceWindow(length: nil),
  ]
  let seed: Seed
  let timeline: Timeline
  let seen: [[[Int64]]]
  private var random: SeededGenerator

  init(_ seed: Seed) {
    var random = seed.generator()
    var histories: [[ReferenceTimes]] = []
    for _ in 0..<3 {
      histories.append(
        (0..<12).map { _ in
          let time = Int64.random(in: 0...30, using: &random)
          let isLate = Int.random(in: 0..<5, using: &random) == 0
          return ReferenceTimes(event: time, known: time + (isLate ? 9 : 0))
        })
    }
    self.seed = seed
    self.random = random
    timeline = Timeline(histories, windows: Self.windows)
    seen = timeline.seen(Self.windows)
  }

  mutating func inputs<Input>(_ draw: (inout SeededGenerator) -> Input) -> [Input] {
    (0..<timeline.rowCount).map { _ in draw(&random) }
  }

  func timed<Value: Ranked>(_ values: [Value]) -> [Timed<Value>] {
    zip(values, timeline.entities.flatMap(\.rows)).map {
      Timed($0, at: EventTime(microseconds: $1.event))
    }
  }

  /// Slides by the way that `slide` finds for the type, and folds what the reference saw.
  func expectFolded<Folded: Aggregate>(
    _ aggregate: Folded, _ inputs: [Folded.Input],
    sourceLocation: SourceLocation = #_sourceLocation,
    slide: (Folded, Span<Folded.Input>, Frames, (Int, Int, Folded.State) -> Void) -> Void
  ) {
    var found = seen.map { _ in [[UInt8]]() }
    slide(aggregate, inputs.span, timeline.frames(Self.windows)) { window, _, state in
      found[window].append(aggregate.encoded(state))
    }
    let folded = seen.map { window in
      window.map { rows in aggregate.encoded(aggregate.state(of: rows.map { inputs[Int($0)] })) }
    }
    #expect(found == folded, "\(seed) \(Folded.self)", sourceLocation: sourceLocation)
  }
}
