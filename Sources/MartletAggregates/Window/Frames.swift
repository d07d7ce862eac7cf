import MartletColumns

/// The rows that each question sees through each window.
///
/// Worked out once, and then used by every aggregate of a feature set. While rows become visible in
/// the order in which they happened, what a window holds lies side by side, and both ends only move
/// forward:
///
///     rows        a b c d e f g h i j
///     question 1    ├───┤
///     question 2        ├─────────┤
///
/// Rows that became known out of turn would tear holes into that. An entity's rows are therefore
/// split into the longest run that is in turn, the *punctual* rows, and the others, which wait in a
/// `LateRows` of their own.
///
/// Entities lie one after the other. Between two of them both ends jump, which for whoever follows
/// the frames is a window that has nothing in common with the one before.
public struct Frames: Sendable {
  /// The windows, in the order of `lowers`.
  public let windows: [Window]

  /// Whether any window of the set holds a visible row, for each question.
  public private(set) var seesRows: [Bool] = []

  let times: RowTimes

  /// For each question the end of the punctual rows that it sees, in all windows alike.
  private(set) var uppers: [Int] = []

  /// For each window, for each question, the first punctual row that it holds.
  private(set) var lowers: [[Int]]

  /// The row at each punctual position; `nil` while all rows are punctual.
  private(set) var punctualRows: [Int]?

  /// The late rows of the entities that have any, ascending by question.
  private(set) var late: [LateRows] = []

  /// No questions yet, about the rows of `times`, through `windows`.
  public init(_ times: RowTimes, windows: [Window]) {
    precondition(times.visibility == .events, "a state is looked up, not counted")
    self.times = times
    self.windows = windows
    lowers = Array(repeating: [], count: windows.count)
  }

  init(
    windows: [Window], seesRows: [Bool], times: RowTimes, uppers: [Int], lowers: [[Int]],
    punctualRows: [Int]?, late: [LateRows]
  ) {
    self.windows = windows
    self.seesRows = seesRows
    self.times = times
    self.uppers = uppers
    self.lowers = lowers
    self.punctualRows = punctualRows
    self.late = late
  }

  /// The number of questions so far.
  public var questionCount: Int { uppers.count }

  /// Adds the ascending `questions` about an entity, whose rows come after those of the last.
  public mutating func append(_ questions: Span<Int64>, rows entity: Range<Int>) {
    for index in questions.indices.dropFirst() {
      precondition(questions[index - 1] <= questions[index], "questions ascend")
    }
    guard let split = times.split(entity) else {
      let first = punctualRows?.count ?? entity.lowerBound
      punctualRows?.append(contentsOf: entity)
      let events = times.events.slice(entity)
      let missing = times.known == nil ? events : Buffer(entity.map(times.lastQuestion(missing:)))
      seesRows.append(contentsOf: repeatElement(false, count: questions.count))
      append(questions, from: first, events: events.span, missing: missing.span)
      return
    }
    let rows = LateRows(
      split.late, of: times, questions: questions, from: questionCount, windows: windows)
    late.append(rows)
    seesRows.append(contentsOf: rows.isSeen)

    if punctualRows == nil { punctualRows = Array(0..<entity.lowerBound) }
    let first = punctualRows?.count ?? 0
    punctualRows?.append(contentsOf: split.punctual)
    let events = split.punctual.map { times.events[$0] }
    let missing = split.punctual.map(times.lastQuestion(missing:))
    append(questions, from: first, events: events.span, missing: missing.span)
  }

  /// Frames punctual rows of `events`, the first of them at position `first`; `missing` is the last
  /// question that does not see each.
  private mutating func append(
    _ questions: Span<Int64>, from first: Int, events: Span<Int64>, missing: Span<Int64>
  ) {
    let asked = questionCount
    var upper = 0
    for index in questions.indices {
      let question = questions[index]
      while upper < missing.count, missing[upper] < question { upper += 1 }
      uppers.append(first + upper)
    }
    for window in windows.indices {
      var lower = 0
      for index in questions.indices {
        let start = windows[window].start(at: questions[index])
        let upper = uppers[asked + index] - first
        while lower < upper, events[lower] < start { lower += 1 }
        lowers[window].append(first + lower)
        if lower < upper { seesRows[asked + index] = true }
      }
    }
  }
}
