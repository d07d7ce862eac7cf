import MartletAggregates
import MartletColumns
import MartletEngine

/// Answers windows by the rests of pages: each by one page and one state, whatever its length.
///
///              start                                        question
///     │████│████│██╎▒▒│████│████│████│████│████│▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒│
///                rows │◀────────── rest ──────▶│ appended
///
/// What was appended is added row by row, of each window from its start on, and kept for the next one.
/// The page in which a window starts is looked at once for all that start in it.
///
/// Only where the question sees all rows of the pages: a rest has no end but the last page.
struct RestSweep {
  let folds: WindowFolds
  let reading: PageReading

  /// Hands `answer` each feature's value at `question`, and returns whether any row was seen.
  func sweep(
    _ value: SweptValue, at question: AsOf, _ course: inout WindowCourse,
    _ answer: (Int, Value) -> Void
  ) throws(RowsError) -> Bool {
    course.begin(at: question, appended: value.places)
    guard let index = value.index else {
      while !course.isDone {
        course.addAppended(of: value.places)
        course.answer(answer)
      }
      return course.isSeen
    }
    try sweep(index, of: value.bytes, in: value, before: nil, after: nil, &course, answer)
    return course.isSeen
  }

  /// The pages or chapters of an index from one on.
  private struct Rest {
    let index: RowIndex
    let first: Int
  }

  /// Answers the next windows that start after `first`: within the pages of `index`, which are those of
  /// `bytes`, or where none are left.
  ///
  /// - Parameter later: What belongs to each of them besides.
  private func sweep(
    _ index: RowIndex, of bytes: UnsafeRawBufferPointer, in value: SweptValue, before later: Rest?,
    after first: Int64?, _ course: inout WindowCourse, _ answer: (Int, Value) -> Void
  ) throws(RowsError) {
    while !course.isDone, first.map({ course.start > $0 }) ?? true {
      let number = index.firstPage(from: course.start)
      guard number < index.pageCount else {
        try begin(&course, value, with: later)
        course.answer(answer)
        continue
      }
      let page = try index.page(number)
      if page.first >= course.start {
        try begin(&course, value, with: later, Rest(index: index, first: number))
        course.answer(answer)
        continue
      }
      let behind = Rest(index: index, first: number + 1)
      guard index.holdsChapters else {
        try sweepPage(
          try PageReading.bytes(of: page, in: bytes), in: value, before: later, behind,
          after: page.first, &course, answer)
        continue
      }
      guard let entity = value.entity else { throw RowsError("chapter") }
      try entity.withChapter(page.chapter) { (chapter) throws(RowsError) in
        if let pages = try reading.index(of: chapter) {
          guard !pages.holdsChapters, pages.hasStates else { throw RowsError("chapter") }
          try sweep(
            pages, of: chapter, in: value, before: behind, after: page.first, &course, answer)
        } else {
          try sweepPage(chapter, in: value, before: nil, behind, after: page.first, &course, answer)
        }
      }
    }
  }

  /// Answers the next windows that start in the page of `bytes`, after `first`.
  private func sweepPage(
    _ bytes: UnsafeRawBufferPointer, in value: SweptValue, before later: Rest?, _ behind: Rest,
    after first: Int64, _ course: inout WindowCourse, _ answer: (Int, Value) -> Void
  ) throws(RowsError) {
    let rows = try value.places.appendPage(bytes, firstValue: reading.firstValue)
    defer { value.places.removeLast() }
    while !course.isDone, course.start > first {
      try begin(&course, value, with: later, behind)
      course.steps.openedPages += 1
      if behind.index.holdsChapters { course.steps.openedChapters += 1 }
      course.addSeen(rows.firstRow(from: course.start, in: 0..<rows.count)..<rows.count, of: rows)
      course.answer(answer)
    }
  }

  /// Begins the next window: with what was appended, and with these rests.
  private func begin(
    _ course: inout WindowCourse, _ value: SweptValue, with later: Rest?, _ behind: Rest? = nil
  ) throws(RowsError) {
    course.beginWindow(appended: value.places)
    if let later {
      course.steps.openedChapters += 1
      try join(later, &course)
    }
    if let behind { try join(behind, &course) }
  }

  private func join(_ rest: Rest, _ course: inout WindowCourse) throws(RowsError) {
    guard rest.first < rest.index.pageCount else { return }
    let states = try rest.index.states(at: try rest.index.page(rest.first).rest)
    do throws(StateError) { try folds.merge(states.small) } catch { throw RowsError("states") }
    course.isSeen = true
    course.steps.rests += 1
  }
}
