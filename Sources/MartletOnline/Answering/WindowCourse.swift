import MartletAggregates
import MartletColumns
import MartletEngine

/// How far a sweep over an entity's value has come: which windows are answered, and which of the rows that
/// were appended have been added.
///
/// Windows are answered in the order of their starts, the latest first, so that each holds what the one
/// before it holds. Its memory serves one question after the other.
struct WindowCourse {
  /// A window, and where it starts.
  private typealias Start = (number: Int, start: Int64)

  private let folds: WindowFolds
  private let knownColumn: Int?
  private let firstValue: Int

  private var windows: [Start]
  private var next = 0

  /// Of each appended block, the rows that are not added yet are those before this one.
  private var ends: [Int] = []

  /// What is asked.
  private(set) var question = AsOf(microseconds: 0)

  /// Whether any row was seen.
  var isSeen = false

  /// What was done so far, and what it took to answer each window, by its number.
  var steps = SweepSteps()
  private var keptSteps = SweepSteps()
  private(set) var stepsOfWindows: [SweepSteps]

  /// A course over rows of which the values begin with column `firstValue`, into `folds`.
  init(_ folds: WindowFolds, firstValue: Int, knownColumn: Int?) {
    self.folds = folds
    self.firstValue = firstValue
    self.knownColumn = knownColumn
    windows = folds.wanted.map { ($0, 0) }
    stepsOfWindows = folds.windows.map { _ in SweepSteps() }
  }

  /// Begins anew with `question` about an entity of which `places` were appended.
  mutating func begin(at question: AsOf, appended places: RowPlaces) {
    self.question = question
    folds.reset()
    next = 0
    isSeen = false
    steps = SweepSteps()
    keptSteps = SweepSteps()
    for index in windows.indices {
      windows[index].start = folds.windows[windows[index].number].span(at: question).lowerBound
    }
    sortWindows()
    ends.removeAll(keepingCapacity: true)
    for block in 0..<places.count { ends.append(places.rowCount(block)) }
  }

  /// Puts the windows that start latest first. They are a handful, mostly in one order for ever.
  private mutating func sortWindows() {
    for index in windows.indices.dropFirst() {
      var place = index
      while place > 0, windows[place - 1].start < windows[place].start {
        windows.swapAt(place - 1, place)
        place -= 1
      }
    }
  }

  /// Whether every window is answered.
  var isDone: Bool { next == windows.count }

  /// Where the window starts that is to be answered next.
  var start: Int64 { windows[next].start }

  /// Begins the next window by itself, with what was appended since its start and nothing else. That is
  /// kept for the windows after it.
  mutating func beginWindow(appended places: RowPlaces) {
    folds.rewind()
    steps = keptSteps
    guard addAppended(of: places) else { return }
    folds.keep()
    keptSteps = steps
  }

  /// Adds what was appended and belongs to the next window. Says whether there was anything.
  @discardableResult
  mutating func addAppended(of places: RowPlaces) -> Bool {
    var hasAdded = false
    for block in ends.indices where ends[block] > 0 {
      let rows = places.rows(block, firstValue: firstValue)
      let first = rows.firstRow(from: start, in: 0..<ends[block])
      guard first < ends[block] else { continue }
      add(first..<ends[block], of: block, in: places)
      ends[block] = first
      hasAdded = true
    }
    return hasAdded
  }

  /// Adds those of the rows in `range` of `block` that the question sees.
  mutating func add(_ range: Range<Int>, of block: Int, in places: RowPlaces) {
    let rows = places.rows(block, firstValue: firstValue)
    var row = range.lowerBound
    while row < range.upperBound {
      // Rows that are seen mostly lie together: all up to the question, where nothing else hides them.
      var end = row
      while end < range.upperBound, shows(end, of: rows, block, in: places) { end += 1 }
      addSeen(row..<end, of: rows)
      row = end + 1
    }
  }

  /// Adds rows that the question sees.
  mutating func addSeen(_ range: Range<Int>, of rows: FoldRows) {
    folds.add(range, of: rows)
    isSeen = isSeen || !range.isEmpty
    steps.rows += range.count
  }

  @inline(__always)
  private func shows(
    _ row: Int, of rows: FoldRows, _ block: Int, in places: RowPlaces
  ) -> Bool {
    Visibility.events.shows(
      EventTime(microseconds: rows.time(row)),
      known: knownColumn.map {
        KnownTime(microseconds: places.column($0, of: block).word(row))
      }, to: question)
  }

  /// Answers the next window by what is folded.
  mutating func answer(_ body: (Int, Value) -> Void) {
    let window = windows[next].number
    next += 1
    stepsOfWindows[window] = steps
    folds.answers(of: window, at: question, body)
  }
}
