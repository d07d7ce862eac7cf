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

  /// Whether the positions are those of rows that count alone.
  private(set) var isCounting = false

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
    punctualRows: [Int]?, isCounting: Bool, late: [LateRows]
  ) {
    self.windows = windows
    self.seesRows = seesRows
    self.times = times
    self.uppers = uppers
    self.lowers = lowers
    self.punctualRows = punctualRows
    self.isCounting = isCounting
    self.late = late
  }

  /// The number of questions so far.
  public var questionCount: Int { uppers.count }

  /// Whether some rows became known out of turn.
  public var hasLateRows: Bool { !late.isEmpty }

  /// Adds the questions about several entities, of each those of `spans` among `questions`, ascending;
  /// their rows come after those of the last, in the same order.
  public mutating func append(_ questions: Span<Int64>, _ spans: [EntitySpan]) {
    guard punctualRows == nil, let missing = times.missing(inTurn: spans) else {
      for span in spans {
        append(questions.extracting(span.questions), rows: span.rows)
      }
      return
    }
    let asked = questionCount
    questions.withUnsafeBufferPointer { questions in
      times.events.withUnsafeBufferPointer { events in
        missing.withUnsafeBufferPointer { missing in
          appendUppers(questions, spans, missing)
          for window in windows.indices {
            appendLowers(of: window, questions, spans, events, from: asked)
          }
        }
      }
    }
  }

  private mutating func appendUppers(
    _ questions: UnsafeBufferPointer<Int64>, _ spans: [EntitySpan],
    _ missing: UnsafeBufferPointer<Int64>
  ) {
    uppers.reserveCapacity(uppers.count + questions.count)
    seesRows.append(contentsOf: repeatElement(false, count: questions.count))
    for span in spans {
      var upper = span.rows.lowerBound
      for index in span.questions {
        let question = questions[index]
        while upper < span.rows.upperBound, missing[upper] < question { upper &+= 1 }
        uppers.append(upper)
      }
    }
  }

  private mutating func appendLowers(
    of window: Int, _ questions: UnsafeBufferPointer<Int64>, _ spans: [EntitySpan],
    _ events: UnsafeBufferPointer<Int64>, from asked: Int
  ) {
    let shape = windows[window]
    var found = lowers[window]
    lowers[window] = []
    found.reserveCapacity(found.count + questions.count)
    uppers.withUnsafeBufferPointer { uppers in
      seesRows.withUnsafeMutableBufferPointer { seesRows in
        for span in spans {
          var lower = span.rows.lowerBound
          for index in span.questions {
            let upper = uppers[asked &+ index]
            if lower < upper {
              let start = shape.start(at: questions[index])
              while lower < upper, events[lower] < start { lower &+= 1 }
            }
            found.append(lower)
            if lower < upper { seesRows[asked &+ index] = true }
          }
        }
      }
    }
    lowers[window] = found
  }

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

/// The rows of an entity, and the questions about it, by their places among those of several.
public struct EntitySpan: Sendable {
  public var rows: Range<Int>
  public var questions: Range<Int>

  public init(rows: Range<Int>, questions: Range<Int>) {
    self.rows = rows
    self.questions = questions
  }
}

extension RowTimes {
  /// The last question that does not see each row, where the rows of every entity become visible in
  /// their order; else `nil`.
  fileprivate func missing(inTurn spans: [EntitySpan]) -> Buffer<Int64>? {
    guard known != nil else { return events }
    var missing = BufferBuilder<Int64>()
    missing.append(upTo: count) { room in
      for row in 0..<count { room[row] = lastQuestion(missing: row) }
      return count
    }
    let found = missing.finish()
    let isInTurn = found.withUnsafeBufferPointer { found in
      spans.allSatisfy { span in
        span.rows.dropFirst().allSatisfy { found[$0 - 1] <= found[$0] }
      }
    }
    return isInTurn ? found : nil
  }
}
