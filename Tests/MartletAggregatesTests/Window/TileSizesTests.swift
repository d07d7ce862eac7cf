import MartletAggregates
import MartletColumns
import MartletReference
import SeededRandom
import Testing

struct TileSizesTests {
  @Test func `sizes come from the windows`() {
    #expect(sizes(for: [.hour, .day, 7 * .day, 30 * .day]) == "2m 10m 1h 6h 2d")
    #expect(sizes(for: [.hour]) == "2m 10m")
    #expect(sizes(for: [30 * .day]) == "2m 10m 1h 4h 1d 4d")
    #expect(sizes(for: [365 * .day]) == "2m 10m 1h 4h 1d 5d 30d")
    #expect(sizes(for: [90 * .second]) == "")
    #expect(TileSizes(for: [.all]).sizes.map(\.description) == ["2m", "10m", "1h", "8h", "4d"])
    #expect(TileSizes(for: []).sizes.isEmpty)
  }

  @Test func `a window that starts on whole steps has no rows at its start`() {
    for step in [17 * .minute, .hour, .day, 7 * .day] as [Int64] {
      let window = Window.last(
        TimeLength(microseconds: 30 * .day), step: TimeLength(microseconds: step))
      let ladder = TileSizes(for: [window, .last(TimeLength(microseconds: .hour))])
      for question in [0, 123_456_789, 400 * .day + 17] as [Int64] {
        let cover = ladder.cover(window.span(at: AsOf(microseconds: question)))
        #expect(cover.tail.isEmpty, "\(ladder.sizes)")
      }
    }
  }

  @Test(arguments: Seed.first(60))
  func `an answer reads tens of tiles and a sliver of the window's rows`(seed: Seed) {
    var random = seed.generator()
    let units: [Int64] = [.second, .minute, .hour, .day]
    let windows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
      Window.last(
        TimeLength(
          microseconds: Int64.random(in: 1...400, using: &random)
            * (units.randomElement(using: &random) ?? .day)))
    }
    let ladder = TileSizes(for: windows)
    for window in windows {
      for _ in 0..<20 {
        let question = AsOf(microseconds: Int64.random(in: 0...(20_000 * .day), using: &random))
        let cover = ladder.cover(window.span(at: question))
        let edges = Double(cover.tail.count + cover.head.count)
        #expect(edges * 1_000_000 / Double(30 * Int64.day) <= 512, "\(seed) \(windows) \(ladder)")
        #expect(cover.tileCount <= 80, "\(seed) \(windows) \(ladder)")
      }
    }
  }

  private func sizes(for lengths: [Int64]) -> String {
    TileSizes(for: lengths.map { .last(TimeLength(microseconds: $0)) })
      .sizes.map(\.description).joined(separator: " ")
  }
}
