import MartletAggregates
import MartletColumns
import MartletEngine

/// Answers windows by tiles, pages and rows, from the question backwards, all in one pass.
///
///     start of 30d        start of 7d    start of 1d       question
///          ╎▒▒│████│████│▒▒╎▒▒│████│████│▒▒╎▒▒│████│▒▒▒▒│appended│
///
/// Tiles and pages are joined by their states. Where a window starts within a page, or a page holds rows
/// that the question does not see yet, its rows are added where they lie. What was appended is added row
/// by row too: of each window those from its start on, before the window answers.
struct TileSweep {
  let folds: WindowFolds
  let room: StateRoom
  let reading: PageReading

  /// Hands `answer` each feature's value at `question`, and returns whether any row was seen.
  func sweep(
    _ value: SweptValue, at question: AsOf, _ course: inout WindowCourse,
    _ answer: (Int, Value) -> Void
  ) throws(RowsError) -> Bool {
    course.begin(at: question, appended: value.places)
    if let index = value.index { try sweep(index, of: value.bytes, in: value, &course, answer) }
    while !course.isDone { answerWindow(&course, value, answer) }
    return course.isSeen
  }

  /// Goes through the pages or chapters of `index` backwards, until all windows have started.
  private func sweep(
    _ index: RowIndex, of bytes: UnsafeRawBufferPointer, in value: SweptValue,
    _ course: inout WindowCourse, _ answer: (Int, Value) -> Void
  ) throws(RowsError) {
    var number = index.pageCount - 1
    while number >= 0, !course.isDone {
      if let count = try joinTile(endingWith: number, of: index, &course) {
        number -= count
        continue
      }
      let page = try index.page(number)
      if page.last < course.start {
        answerWindow(&course, value, answer)
        continue
      }
      number -= 1
      if index.hasStates, page.first >= course.start,
        page.lastMissing < course.question.microseconds
      {
        try join(page.states, of: index, &course)
        course.steps.pages += 1
      } else if index.holdsChapters {
        guard let entity = value.entity else { throw RowsError("chapter") }
        course.steps.openedChapters += 1
        try entity.withChapter(page.chapter) { (chapter) throws(RowsError) in
          if let pages = try reading.index(of: chapter) {
            guard !pages.holdsChapters else { throw RowsError("chapter") }
            try sweep(pages, of: chapter, in: value, &course, answer)
          } else {
            try addRows(of: chapter, in: value, &course, answer)
          }
        }
      } else {
        try addRows(
          of: try PageReading.bytes(of: page, in: bytes), in: value, &course, answer)
      }
    }
  }

  /// Joins the largest tile whose last page is `number`, where all of it counts; says how many pages it
  /// has, or `nil` where there is none.
  private func joinTile(
    endingWith number: Int, of index: RowIndex, _ course: inout WindowCourse
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
    _ states: Int, of index: RowIndex, _ course: inout WindowCourse
  ) throws(RowsError) {
    let record = try index.states(at: states)
    let bytes =
      switch room {
      case .small: record.small
      case .large: record.large
      }
    do throws(StateError) { try folds.merge(bytes) } catch { throw RowsError("states") }
    course.isSeen = true
  }

  /// Adds the rows of one page, and answers the windows that start in it.
  private func addRows(
    of page: UnsafeRawBufferPointer, in value: SweptValue, _ course: inout WindowCourse,
    _ answer: (Int, Value) -> Void
  ) throws(RowsError) {
    course.steps.openedPages += 1
    let rows = try value.places.appendPage(page, firstValue: reading.firstValue)
    let block = value.places.count - 1
    defer { value.places.removeLast() }
    var end = rows.count
    while end > 0, !course.isDone {
      let first = rows.firstRow(from: course.start, in: 0..<end)
      course.add(first..<end, of: block, in: value.places)
      end = first
      if end > 0 { answerWindow(&course, value, answer) }
    }
  }

  /// Adds what was appended and belongs to the next window, and answers it.
  private func answerWindow(
    _ course: inout WindowCourse, _ value: SweptValue, _ answer: (Int, Value) -> Void
  ) {
    course.addAppended(of: value.places)
    course.answer(answer)
  }
}
