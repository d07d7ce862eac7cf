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

  private let times: RowTimes

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

  /// The number of questions so far.
  public var questionCount: Int { uppers.count }

  /// Adds the ascending `questions` about an entity, whose rows come after those of the last.
  public mutating func append(_ questions: Span<Int64>, rows entity: Range<Int>) {
    for index in questions.indices.dropFirst() {
      precondition(questions[index - 1] <= questions[index], "questions ascend")
    }
    let rows = times.visible(in: entity)
    guard let split = times.split(rows) else {
      let first = punctualRows?.count ?? rows.lowerBound
      punctualRows?.append(contentsOf: rows)
      append(questions, first: first, count: rows.count) { rows.lowerBound + $0 }
      return
    }
    let first = punctualRows?.count ?? rows.lowerBound
    punctualRows = (punctualRows ?? Array(0..<rows.lowerBound)) + split.punctual
    late.append(
      LateRows(
        split.late, of: times, questions: questions, from: questionCount, windows: windows))
    append(questions, first: first, count: split.punctual.count) { split.punctual[$0] }
  }

  /// Frames `count` punctual rows, the first of them at position `first`.
  private mutating func append(
    _ questions: Span<Int64>, first: Int, count: Int, row: (Int) -> Int
  ) {
    let asked = questionCount
    var upper = 0
    for index in questions.indices {
      while upper < count, times.firstQuestion(seeing: row(upper)) <= questions[index] {
        upper += 1
      }
      uppers.append(first + upper)
      seesRows.append(late.last.map { $0.isSeen(by: asked + index) } ?? false)
    }
    let times = times
    let events = times.events.span
    for window in windows.indices {
      var lower = 0
      for index in questions.indices {
        let start = windows[window].start(at: questions[index])
        let upper = uppers[asked + index] - first
        while lower < upper, events[row(lower)] < start { lower += 1 }
        lowers[window].append(first + lower)
        if lower < upper { seesRows[asked + index] = true }
      }
    }
  }
}
