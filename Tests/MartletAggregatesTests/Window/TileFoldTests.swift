import MartletAggregates
import MartletColumns
import SeededRandom
import Testing

/// A window read as the online store reads it, rows at its edges and stored tiles between, has the
/// state of its rows folded.
struct TileFoldTests {
  @Test(arguments: Seed.first(5))
  func `tiles and edges join to the window, whatever the aggregate`(seed: Seed) {
    let history = TiledHistory(seed)
    let ints = history.values { Int64.random(in: -3...3, using: &$0) }
    let doubles = history.values { random in
      [0.1, -0.0, 1e300, -1e300, .infinity, .nan, 2.5].randomElement(using: &random) ?? 0
    }
    let texts = history.values { ["", "a", "b", "ab", "c"].randomElement(using: &$0) ?? "" }
    let flags = history.values { Bool.random(using: &$0) }
    let instants = history.times.map { Instant(microseconds: $0) }
    history.expectFolded(Count<Int64>(), ints)
    history.expectFolded(IntSum(), ints)
    history.expectFolded(IntAverage(), ints)
    history.expectFolded(IntSpread(.variance), ints)
    history.expectFolded(DoubleSum(.sum), doubles)
    history.expectFolded(DoubleSum(.average), doubles)
    history.expectFolded(DoubleSpread(.standardDeviation), doubles)
    history.expectFolded(Extreme<Double>(.lowest), doubles)
    history.expectFolded(Extreme<String>(.highest), texts)
    history.expectFolded(Extreme<Timed<String>>(.highest), history.timed(texts))
    history.expectFolded(Extremes<Timed<Int64>>(3, .lowest), history.timed(ints))
    history.expectFolded(Extreme<Instant>(.highest), instants)
    history.expectFolded(Flags(.all), flags)
    history.expectFolded(Distinct<String>(bound: 4), texts)
    history.expectFolded(ApproxDistinct<Int64>(), ints)
    history.expectFolded(ApproxQuantile(0.9), doubles)
    history.expectFolded(TopK<String>(2, bound: 4), texts)
    history.expectFolded(Histogram<String>(bound: 9), texts)
    history.expectFolded(
      DecayedSum(halfLife: TimeLength(microseconds: 5_000)), history.timed(doubles))
  }
}

/// Rows of a few hours, and questions at the edges of windows, of tiles and of rows.
private struct TiledHistory {
  let times: [Int64]
  private let seed: Seed
  private let windows: [Window]
  private let sizes: TileSizes

  init(_ seed: Seed) {
    var random = seed.generator()
    times = (0..<60).map { _ in
      // On whole minutes often, where tiles end.
      let time = Int64.random(in: -2 * .hour...3 * .hour, using: &random)
      return Bool.random(using: &random) ? time / .minute * .minute : time
    }
    .sorted()
    self.seed = seed
    windows = [
      .last(TimeLength(microseconds: .hour)), .all,
      .last(TimeLength(microseconds: 3 * .hour), step: TimeLength(microseconds: .minute)),
    ]
    sizes = TileSizes(for: windows)
  }

  func values<Value>(_ value: (inout SeededGenerator) -> Value) -> [Value] {
    var random = seed.generator()
    return times.map { _ in value(&random) }
  }

  func timed<Value>(_ values: [Value]) -> [Timed<Value>] {
    zip(times, values).map { Timed($1, at: EventTime(microseconds: $0)) }
  }

  func expectFolded<Folded: Aggregate>(_ aggregate: Folded, _ inputs: [Folded.Input]) {
    for row in stride(from: 0, to: times.count, by: 7) {
      for question in [times[row], times[row] + 1, times[row] + .hour, times[row] + .hour + 1] {
        for window in windows {
          let span = window.span(at: AsOf(microseconds: question))
          let folded = state(aggregate, inputs, span)
          #expect(
            joined(aggregate, inputs, span) == aggregate.encoded(folded),
            "\(seed) \(Folded.self) in \(window) at \(question)")
        }
      }
    }
  }

  private func state<Folded: Aggregate>(
    _ aggregate: Folded, _ inputs: [Folded.Input], _ span: Range<Int64>
  ) -> Folded.State {
    aggregate.state(of: times.indices.filter { span.contains(times[$0]) }.map { inputs[$0] })
  }

  private func joined<Folded: Aggregate>(
    _ aggregate: Folded, _ inputs: [Folded.Input], _ span: Range<Int64>
  ) -> [UInt8]? {
    let cover = sizes.cover(span)
    var whole = state(aggregate, inputs, cover.head)
    aggregate.merge(state(aggregate, inputs, cover.tail), into: &whole)
    for run in cover.tiles {
      // The window `all` begins before all tiles: those that hold rows are enough.
      let size = run.size.microseconds
      let held = Set(times.map { $0 >= 0 ? $0 / size : ($0 + 1) / size - 1 })
      for index in held.sorted() where run.indexes.contains(index) {
        let stored = aggregate.encoded(state(aggregate, inputs, index * size..<(index + 1) * size))
        do { aggregate.merge(try aggregate.decoded(stored), into: &whole) } catch { return nil }
      }
    }
    return aggregate.encoded(whole)
  }
}
