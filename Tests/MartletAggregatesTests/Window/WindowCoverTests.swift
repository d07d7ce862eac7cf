import MartletAggregates
import MartletColumns
import MartletReference
import SeededRandom
import Testing

struct WindowCoverTests {
  @Test func `whole tiles lie between the rows of the edges`() {
    #expect(drawn(3..<29, sizes: [5]) == "3▒5 5×[1..<5] 25▒29")
  }

  @Test func `coarse tiles lie between fine ones`() {
    #expect(drawn(3..<47, sizes: [5, 20]) == "3▒5 5×[1..<4] 20×[1..<2] 5×[8..<9] 45▒47")
    #expect(drawn(0..<60, sizes: [5, 20]) == "0▒0 20×[0..<3] 60▒60")
  }

  @Test func `what no tile fits is read row by row`() {
    #expect(drawn(6..<9, sizes: [5]) == "6▒9 9▒9")
    #expect(drawn(6..<9, sizes: []) == "6▒9 9▒9")
    #expect(
      drawn(.min..<(.min + 3), sizes: [5])
        == "\(Int64.min)▒\(Int64.min + 3) \(Int64.min + 3)▒\(Int64.min + 3)")
  }

  @Test func `every small window is the rows and tiles of its cover`() {
    for start in Int64(-30)...30 {
      for end in start...31 {
        for sizes in [[1], [2, 6], [3, 6, 24], [7]] as [[Int64]] {
          expectCovered(start..<end, sizes: sizes)
        }
      }
    }
  }

  @Test(arguments: Seed.first(500))
  func `any window is the rows and tiles of its cover`(seed: Seed) {
    var random = seed.generator()
    var sizes = [Int64.random(in: 1...1_000, using: &random)]
    while Bool.random(using: &random), let last = sizes.last {
      sizes.append(last * Int64.random(in: 2...30, using: &random))
    }
    let ends = [Int64.min, .min + 1, -12_345, 0, 999, .max - 1, .max]
    let start = ends.randomElement(using: &random) ?? 0
    let end = Int64.random(in: start...(.max), using: &random)
    expectCovered(start..<end, sizes: sizes, "\(seed)")
    let near = start.addingReportingOverflow(Int64.random(in: 0...100_000, using: &random))
    if !near.overflow { expectCovered(start..<near.partialValue, sizes: sizes, "\(seed)") }
  }

  @Test func `sizes that do not nest are no ladder`() {
    #expect(TileSizes([]) != nil)
    for sizes in [[0], [-5], [5, 5], [10, 5], [4, 6], [1, 2, 3]] as [[Int64]] {
      #expect(TileSizes(sizes.map(TimeLength.init)) == nil)
    }
  }

  private func drawn(_ span: Range<Int64>, sizes: [Int64]) -> String {
    guard let ladder = TileSizes(sizes.map(TimeLength.init)) else { return "no ladder" }
    let cover = ladder.cover(span)
    let runs = cover.tiles.map {
      "\($0.size.microseconds)×[\($0.indexes.lowerBound)..<\($0.indexes.upperBound)]"
    }
    let edges = [cover.tail, cover.head].map { "\($0.lowerBound)▒\($0.upperBound)" }
    return ([edges[0]] + runs + [edges[1]]).joined(separator: " ")
  }
}

/// Walks the cover's parts from the window's start to its end.
private func expectCovered(
  _ span: Range<Int64>, sizes: [Int64], _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let ladder = TileSizes(sizes.map(TimeLength.init)) else {
    Issue.record("\(sizes) do not nest", sourceLocation: sourceLocation)
    return
  }
  let cover = ladder.cover(span)
  var reached = cover.tail.upperBound
  for run in cover.tiles {
    let size = run.size.microseconds
    #expect(sizes.contains(size), comment, sourceLocation: sourceLocation)
    #expect(run.indexes.lowerBound * size == reached, comment, sourceLocation: sourceLocation)
    #expect(!run.indexes.isEmpty, comment, sourceLocation: sourceLocation)
    reached = run.indexes.upperBound * size
  }
  #expect(cover.tail.lowerBound == span.lowerBound, comment, sourceLocation: sourceLocation)
  #expect(cover.head == reached..<span.upperBound, comment, sourceLocation: sourceLocation)

  // Nothing that a tile could hold is left to rows, and no finer tile stands for a coarser one.
  if let finest = sizes.first {
    #expect(cover.tail.isEmpty || cover.tiles.isEmpty || cover.tail.count < finest, comment)
    #expect(cover.head.isEmpty || cover.head.count < finest, comment)
  }
  for (run, coarser) in cover.tiles.compactMap({ run in
    sizes.firstIndex(of: run.size.microseconds).flatMap {
      $0 + 1 < sizes.count ? (run, sizes[$0 + 1]) : nil
    }
  }) {
    let (first, rest) = run.span.lowerBound.quotientAndRemainder(dividingBy: coarser)
    let next = (first + (rest > 0 ? 1 : 0)) * coarser
    #expect(
      run.span.upperBound - next < coarser, "\(run) hides a tile of \(coarser)",
      sourceLocation: sourceLocation)
  }
}
