import MartletAggregates
import MartletColumns
import MartletReference
import SeededRandom
import Testing

/// Rows of several entities, and when each was asked about.
struct Timeline {
  var entities: [Entity]

  struct Entity {
    var rows: [ReferenceTimes]
    var questions: [Int64]
  }

  /// Entities whose every row has its own number as input, with questions at each edge of each
  /// window and a microsecond to either side.
  init(_ histories: [[ReferenceTimes]], windows: [ReferenceWindow]) {
    entities = histories.map { rows in
      let edges = rows.flatMap { row in
        [row.event, row.known ?? row.event]
          + windows.compactMap { $0.length.map { row.event + $0 } }
      }
      let questions = Set(edges.flatMap { [$0 - 1, $0, $0 + 1] })
      return Entity(rows: rows.sorted { $0.event < $1.event }, questions: questions.sorted())
    }
  }

  var rowCount: Int { entities.reduce(0) { $0 + $1.rows.count } }

  /// Every pair of question and window as the product frames it.
  func frames(_ windows: [ReferenceWindow]) -> Frames {
    let rows = entities.flatMap(\.rows)
    let known = rows.compactMap(\.known)
    var frames = Frames(
      RowTimes(
        .events, events: Buffer(rows.map(\.event)), known: known.isEmpty ? nil : Buffer(known)),
      windows: windows.map { window in
        guard let length = window.length else { return .all }
        return .last(
          TimeLength(microseconds: length),
          step: window.step == 1 ? nil : TimeLength(microseconds: window.step))
      })
    var first = 0
    for entity in entities {
      frames.append(entity.questions.span, rows: first..<first + entity.rows.count)
      first += entity.rows.count
    }
    return frames
  }

  /// The rows of each question, window by window, as the reference filters them.
  func seen(_ windows: [ReferenceWindow], counting: [Bool]? = nil) -> [[[Int64]]] {
    windows.map { window in
      var first: Int64 = 0
      return entities.flatMap { entity in
        defer { first += Int64(entity.rows.count) }
        let inputs = entity.rows.indices.map { first + Int64($0) }
        let history = ReferenceHistory(times: entity.rows, inputs: inputs)
        return entity.questions.map { question in
          history.seen(in: window, at: question).filter { counting?[Int($0)] ?? true }
        }
      }
    }
  }
}

struct SlideTests {
  static let windows = [
    ReferenceWindow(length: 3), ReferenceWindow(length: 7, step: 4), ReferenceWindow(length: nil),
    ReferenceWindow(length: 1),
  ]

  @Test func `every subset of a small history, punctual`() {
    expectEverySubset(of: [0, 1, 1, 3, 4, 6, 6, 9].map { ReferenceTimes(event: $0) })
  }

  @Test func `every subset of a small history, some of it late`() {
    expectEverySubset(of: [
      ReferenceTimes(event: 0, known: 5), ReferenceTimes(event: 1, known: 1),
      ReferenceTimes(event: 2, known: 20), ReferenceTimes(event: 3, known: 4),
      ReferenceTimes(event: 3, known: 3), ReferenceTimes(event: 5, known: 6),
      ReferenceTimes(event: 6, known: 0), ReferenceTimes(event: 8, known: 10),
    ])
  }

  @Test(arguments: Seed.first(150))
  func `agrees with the reference`(seed: Seed) {
    var random = seed.generator()
    let lateness: [Int64] =
      [[0], [2], [0, 1, 2, 9], [0, 0, 0, 0, 0, 0, 30]]
      .randomElement(using: &random) ?? [0]
    let namesKnown = Bool.random(using: &random)
    let histories = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      (0..<Int.random(in: 0...25, using: &random)).map { _ in
        let time = Int64.random(in: -20...20, using: &random)
        let known = time + (lateness.randomElement(using: &random) ?? 0)
        return ReferenceTimes(event: time, known: namesKnown ? known : nil)
      }
    }
    let windows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      ReferenceWindow(
        length: ([nil, 1, 2, 5, 13, 40] as [Int64?]).randomElement(using: &random) ?? nil,
        step: ([1, 1, 3, 10] as [Int64]).randomElement(using: &random) ?? 1)
    }
    let timeline = Timeline(histories, windows: windows)
    expectSlides(timeline, windows, "\(seed)")
    let counting = (0..<timeline.rowCount).map { _ in Bool.random(using: &random) }
    expectSlides(timeline, windows, counting: counting, "\(seed)")
  }

  @Test func `many questions in one long window are folded in blocks`() {
    let rows = (0..<400).map { ReferenceTimes(event: $0) }
    let windows = [ReferenceWindow(length: 300)]
    expectSlides(Timeline([rows], windows: windows), windows)
  }

  @Test func `times at the ends of the range are ordinary times`() {
    let rows = [.min, .min + 1, -1, 0, .max - 1, .max].map { ReferenceTimes(event: $0) }
    let windows = [ReferenceWindow(length: 5), ReferenceWindow(length: nil)]
    var timeline = Timeline([], windows: windows)
    let questions: [Int64] = [.min, .min + 1, .min + 6, 0, 1, 5, .max]
    timeline.entities = [.init(rows: rows, questions: questions)]
    expectSlides(timeline, windows)
    let late = rows.map { ReferenceTimes(event: $0.event, known: 0 - $0.event / 2) }
    timeline.entities = [.init(rows: late, questions: questions)]
    expectSlides(timeline, windows)
  }

  @Test func `an entity's first question sees its own late rows`() {
    let windows = [ReferenceWindow(length: 50)]
    var timeline = Timeline([], windows: windows)
    timeline.entities = (0..<3 as Range<Int64>).map { entity in
      let rows = [0, 1, 2, 3].map { ReferenceTimes(event: entity + $0, known: 10 - $0) }
      return .init(rows: rows, questions: [20])
    }
    expectSlides(timeline, windows)
  }

  private func expectEverySubset(
    of history: [ReferenceTimes], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for subset in 0..<1 << history.count {
      let rows = history.indices.filter { subset >> $0 & 1 == 1 }.map { history[$0] }
      expectSlides(
        Timeline([rows], windows: Self.windows), Self.windows, sourceLocation: sourceLocation)
    }
  }
}

/// Slides everything that can be told apart over `timeline`, each way there is.
private func expectSlides(
  _ timeline: Timeline, _ windows: [ReferenceWindow], counting: [Bool]? = nil,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  let frames = timeline.frames(windows)
  let rows = (0..<Int64(timeline.rowCount)).map { $0 }
  let bits = counting.map { Bitmap($0) }
  let expected = timeline.seen(windows, counting: counting)

  var seen = windows.map { _ in [[Int64]]() }
  Collected().slide(over: rows.span, counting: bits, in: frames) { window, question, state in
    #expect(seen[window].count == question, sourceLocation: sourceLocation)
    seen[window].append(state)
  }
  #expect(seen == expected, comment, sourceLocation: sourceLocation)

  var removed = windows.map { _ in [[Int64]]() }
  RemovableCollected().slide(over: rows.span, counting: bits, in: frames) {
    removed[$0].append($2)
  }
  #expect(removed == expected, comment, sourceLocation: sourceLocation)

  // Inputs that rise and fall, so that the queue does not only grow.
  let values = rows.map { $0 * 7 % 5 }
  for (end, best) in [
    (RankingEnd.highest, { (rows: [Int64]) in rows.map { values[Int($0)] }.max() }),
    (.lowest, { (rows: [Int64]) in rows.map { values[Int($0)] }.min() }),
  ] {
    let extreme = Extreme<Int64>(end)
    var found = windows.map { _ in [Int64?]() }
    extreme.slide(over: values.span, counting: bits, in: frames) {
      found[$0].append(extreme.value(of: $2))
    }
    #expect(found == expected.map { $0.map(best) }, comment, sourceLocation: sourceLocation)
  }

  let all = timeline.seen(windows)
  #expect(
    frames.seesRows
      == frames.seesRows.indices.map { question in
        all.contains { !$0[question].isEmpty }
      }, comment, sourceLocation: sourceLocation)
}
