import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Answers one question about one entity's events from its value, by as few of its rows as can be read.
///
///     start of 30d        start of 7d    start of 1d       question
///          ╎▒▒│████│████│▒▒╎▒▒│████│████│▒▒╎▒▒│████│▒▒▒▒│appended│
///
/// From the question backwards, tiles and pages are joined by their states. Where a window starts within
/// a page, or a page holds rows that the question does not see yet, its rows are added where they lie.
/// What was appended since the pages were made is added row by row too: of each window those from its
/// start on, before the window answers.
///
/// One thread at a time.
final class WindowSweep {
  private let folds: WindowFolds
  private let layout: UInt32
  private let names: UInt64
  private let identity: RowIdentity
  private let firstValue: Int
  private let knownColumn: Int?

  /// What was appended, and behind it the page that is looked at.
  private let places: RowPlaces

  /// What it took to answer each window, by its number.
  private(set) var steps: [SweepSteps]

  /// A sweep over values of `set`; `nil` where it has none that can be folded.
  init?(_ set: SetPlan) {
    guard let folds = WindowFolds(of: set) else { return nil }
    self.folds = folds
    let format = RowFormat(set)
    layout = format.layout
    places = RowPlaces(format)
    identity = RowIdentity(set)
    firstValue = set.valueColumns.lowerBound
    knownColumn = set.knownColumn
    names = RowIndex.hash(of: folds.names)
    steps = folds.windows.map { _ in SweepSteps() }
  }

  /// Hands `answer` each feature's value at `question`, and returns whether any row was seen.
  ///
  /// `nil`, and nothing handed over, where rows have to be compared first since an id was appended
  /// again, and where `entity` is `nil` and the rows are in chapters.
  func sweep(
    _ value: UnsafeRawBufferPointer, at question: Int64, of entity: EntityReader?,
    _ answer: (Int, Value) -> Void
  ) throws(RowsError) -> Bool? {
    let index = try RowIndex(of: value, layout: layout, names: names)
    if let index, index.holdsChapters, entity == nil { return nil }
    let pagesEnd = try index?.endOfPages() ?? 0
    guard pagesEnd <= value.count else { throw RowsError("pages") }
    places.removeAll()
    try places.append(UnsafeRawBufferPointer(rebasing: value[pagesEnd...]))
    if try repeatsIds(of: index, in: value, entity) { return nil }

    folds.reset()
    var course = Course(folds, appended: places, at: AsOf(microseconds: question))
    if let index { try sweep(index, of: value, entity, &course, answer) }
    while !course.isDone { answerWindow(&course, answer) }
    return course.isSeen
  }

  /// How far a sweep has come.
  private struct Course {
    let question: AsOf

    /// The windows, those that start latest first, and where they start.
    private let windows: [(number: Int, start: Int64)]
    private var next = 0

    /// Of each appended block, the rows that are not added yet are those before this one.
    var ends: [Int]
    var isSeen = false
    var steps = SweepSteps()

    init(_ folds: WindowFolds, appended: RowPlaces, at question: AsOf) {
      self.question = question
      var windows = folds.windows.indices.map {
        (number: $0, start: folds.windows[$0].span(at: question).lowerBound)
      }
      windows.sort { $0.start > $1.start }
      self.windows = windows
      ends = (0..<appended.count).map { appended.rowCount($0) }
    }

    var isDone: Bool { next == windows.count }

    /// Where the window starts that is to be answered next.
    var start: Int64 { windows[next].start }

    /// The window that is answered now.
    mutating func takeWindow() -> Int {
      defer { next += 1 }
      return windows[next].number
    }
  }

  /// Goes through the pages or chapters of `index` backwards, until all windows have started.
  private func sweep(
    _ index: RowIndex, of value: UnsafeRawBufferPointer, _ entity: EntityReader?,
    _ course: inout Course, _ answer: (Int, Value) -> Void
  ) throws(RowsError) {
    var number = index.pageCount - 1
    while number >= 0, !course.isDone {
      if let count = try joinTile(endingWith: number, of: index, &course) {
        number -= count
        continue
      }
      let page = try index.page(number)
      if page.last < course.start {
        answerWindow(&course, answer)
        continue
      }
      number -= 1
      if index.hasStates, page.first >= course.start,
        page.lastMissing < course.question.microseconds
      {
        try join(page.states, of: index, &course)
        course.steps.pages += 1
      } else if index.holdsChapters {
        guard let entity else { throw RowsError("chapter") }
        course.steps.openedChapters += 1
        try entity.withChapter(page.chapter) { (chapter) throws(RowsError) in
          if let pages = try RowIndex(of: chapter, layout: layout, names: names) {
            guard !pages.holdsChapters else { throw RowsError("chapter") }
            try sweep(pages, of: chapter, nil, &course, answer)
          } else {
            try addRows(of: chapter, &course, answer)
          }
        }
      } else {
        guard page.block.upperBound <= value.count else { throw RowsError("pages") }
        try addRows(of: UnsafeRawBufferPointer(rebasing: value[page.block]), &course, answer)
      }
    }
  }

  /// Joins the largest tile whose last page is `number`, where all of it counts; says how many pages it
  /// has, or `nil` where there is none.
  private func joinTile(
    endingWith number: Int, of index: RowIndex, _ course: inout Course
  ) throws(RowsError) -> Int? {
    guard index.hasStates else { return nil }
    for size in (1...RowIndex.tileSizeCount).reversed() {
      let count = index.pages(ofTile: size)
      guard (number + 1) % count == 0, let tile = index.tile(number / count, ofSize: size),
        tile.lastMissing < course.question.microseconds,
        try index.page(number + 1 - count).first >= course.start
      else { continue }
      try join(tile.states, of: index, &course)
      course.steps.tiles += 1
      return count
    }
    return nil
  }

  private func join(
    _ states: Int, of index: RowIndex, _ course: inout Course
  ) throws(RowsError) {
    var reader = try index.states(at: states)
    do throws(StateError) { try folds.merge(from: &reader) } catch { throw RowsError("states") }
    course.isSeen = true
  }

  /// Adds the rows of one page, and answers the windows that start in it.
  private func addRows(
    of page: UnsafeRawBufferPointer, _ course: inout Course, _ answer: (Int, Value) -> Void
  ) throws(RowsError) {
    let block = places.count
    guard try places.append(page) == 1 else { throw RowsError("pages") }
    defer { places.removeLast() }
    course.steps.openedPages += 1
    let rows = places.rows(block, firstValue: firstValue)
    var end = rows.count
    while end > 0, !course.isDone {
      let first = rows.firstRow(from: course.start, in: 0..<end)
      add(first..<end, of: rows, block, &course)
      end = first
      if end > 0 { answerWindow(&course, answer) }
    }
  }

  /// Adds what was appended and belongs to the next window, and answers it.
  private func answerWindow(_ course: inout Course, _ answer: (Int, Value) -> Void) {
    for block in course.ends.indices where course.ends[block] > 0 {
      let rows = places.rows(block, firstValue: firstValue)
      let first = rows.firstRow(from: course.start, in: 0..<course.ends[block])
      add(first..<course.ends[block], of: rows, block, &course)
      course.ends[block] = first
    }
    let window = course.takeWindow()
    steps[window] = course.steps
    folds.answers(of: window, at: course.question, answer)
  }

  /// Adds those of the rows in `range` that the question sees.
  private func add(
    _ range: Range<Int>, of rows: FoldRows, _ block: Int, _ course: inout Course
  ) {
    var row = range.lowerBound
    while row < range.upperBound {
      // Rows that are seen mostly lie together: all up to the question, where nothing else hides them.
      var end = row
      while end < range.upperBound, shows(end, of: rows, block, to: course.question) { end += 1 }
      folds.add(row..<end, of: rows)
      course.isSeen = course.isSeen || end > row
      course.steps.rows += end - row
      row = end + 1
    }
  }

  @inline(__always)
  private func shows(_ row: Int, of rows: FoldRows, _ block: Int, to question: AsOf) -> Bool {
    Visibility.events.shows(
      EventTime(microseconds: rows.time(row)),
      known: knownColumn.map {
        KnownTime(microseconds: places.column($0, of: block).word(row))
      }, to: question)
  }

  /// Whether an id was appended twice, or is in the pages as well.
  private func repeatsIds(
    of index: RowIndex?, in value: UnsafeRawBufferPointer, _ entity: EntityReader?
  ) throws(RowsError) -> Bool {
    guard !identity.isEmpty, places.count > 0 else { return false }
    if index == nil, places.count == 1, !places.mayRepeatIds { return false }
    var hashes: [UInt64] = []
    for block in 0..<places.count { identity.forEach(of: block, in: places) { hashes.append($1) } }
    hashes.sort()
    for next in hashes.indices.dropFirst() where hashes[next - 1] == hashes[next] { return true }
    guard let index else { return false }
    guard index.holdsChapters else {
      let ids = try index.ids(in: value)
      return hashes.contains { ids.holds($0) }
    }
    do throws(OnlineError) { return try entity?.times(ofIds: hashes).isEmpty == false } catch {
      throw RowsError("ids")
    }
  }
}
