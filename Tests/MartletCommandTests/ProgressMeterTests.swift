import Testing

@testable import MartletCommand

/// Time is a list of ticks: at second → rows done.
struct ProgressMeterTests {
  @Test func `work that ends within half a second says nothing`() {
    expect(.painted(columns: 80), ticks: [(0.1, 10), (0.4, 40)], shows: [])
  }

  @Test func `a terminal sees how far, how fast and how long`() {
    expect(
      .painted(columns: 80), ticks: [(0.4, 400_000), (1, 1_000_000), (4, 4_210_000)],
      shows: [
        "paint reading: 10%, 1.00M of 10.0M rows, 1.00M rows/s, 9 s left",
        "paint reading: 42%, 4.21M of 10.0M rows, 1.05M rows/s, 6 s left",
        "clear",
      ])
  }

  @Test func `a narrow terminal sees what fits before its last column`() {
    expect(
      .painted(columns: 24), ticks: [(1, 1_000_000)],
      shows: ["paint reading: 10%, 1.00M of…", "clear"])
  }

  @Test func `a log sees a line each thirty seconds`() {
    expect(
      .heartbeat, ticks: [(10, 100), (29.9, 299), (30, 300), (59, 590), (61, 610)], total: nil,
      shows: ["line reading: 300 rows, 10 rows/s", "line reading: 610 rows, 10 rows/s"])
  }

  @Test func `silence is silent`() {
    expect(.silent, ticks: [(1, 1), (100, 100)], shows: [])
  }

  @Test func `the rate forgets what is older than ten seconds`() {
    expect(
      .heartbeat, ticks: [(10, 1_000_000), (20, 1_000_100), (30, 1_000_200)], total: 1_000_500,
      shows: ["line reading: 99%, 1.00M of 1.00M rows, 10 rows/s, 30 s left"])
  }

  @Test func `standing still promises no end`() {
    expect(
      .painted(columns: 80), ticks: [(1, 0)],
      shows: ["paint reading: 0%, 0 of 10.0M rows", "clear"])
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1.00k"), (9_994, "9.99k"), (9_995, "10.0k"),
    (99_949, "99.9k"), (99_950, "100k"), (999_499, "999k"), (999_500, "1.00M"),
    (12_345_678, "12.3M"), (Int.max, "9223372T"), (-4_210, "-4.21k"),
  ])
  func `counts keep three digits`(count: Int, text: String) {
    #expect(abbreviated(count) == text)
  }

  private func expect(
    _ style: ProgressStyle, ticks: [(second: Double, done: Int)], total: Int? = 10_000_000,
    shows expected: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var meter = ProgressMeter(
      "reading", unit: "rows", total: total, style: style, startingAt: 5_000_000_000)
    var effects = ticks.map { tick in
      meter.tick(done: tick.done, at: 5_000_000_000 + Int64(tick.second * 1e9))
    }
    effects.append(meter.end())
    let shown = effects.compactMap { effect -> String? in
      switch effect {
      case .nothing: nil
      case .paint(let line): "paint \(line)"
      case .line(let line): "line \(line)"
      case .clear: "clear"
      }
    }
    #expect(shown == expected, sourceLocation: sourceLocation)
  }
}
