import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Answers one question about one entity's events from its value, as few of its rows as can be read.
///
///     start of 30d        start of 7d    start of 1d       question
///          ╎▒▒│████│████│▒▒╎▒▒│████│████│▒▒╎▒▒│████│▒▒▒▒│appended│
///
/// From the question backwards, pages are joined by their states. Where a window starts within a page,
/// or a page holds rows that the question does not see yet, its rows are added one by one. What was
/// appended since the pages were made is added row by row too.
///
/// One thread at a time.
final class WindowSweep {
  private let set: SetPlan
  private let format: RowFormat
  private let folds: WindowFolds
  private let names: UInt64

  /// A sweep over values of `set`; `nil` where it has none that can be folded.
  init?(_ set: SetPlan) {
    guard let folds = WindowFolds(of: set) else { return nil }
    self.set = set
    self.folds = folds
    format = RowFormat(set)
    names = RowIndex.hash(of: folds.names)
  }

  /// Hands `answer` each feature's value at `question`, and returns whether any row was seen.
  ///
  /// `nil`, and nothing handed over, where the same id was appended again: then rows have to be compared.
  func sweep(
    _ value: UnsafeRawBufferPointer, at question: Int64, _ answer: (Int, Value) -> Void
  ) throws(RowsError) -> Bool? {
    let index = try RowIndex(of: value, layout: format.layout, names: names)
    var pageCount = 0
    var appendedStart = 0
    if let index {
      pageCount = index.pageCount
      appendedStart = pageCount == 0 ? index.end : try index.page(pageCount - 1).block.upperBound
      guard appendedStart <= value.count else { throw RowsError("pages") }
    }
    let appended = try SweptRows(
      UnsafeRawBufferPointer(rebasing: value[appendedStart...]), format, set)
    guard !appended.repeatsIds(of: index, set) else { return nil }

    folds.reset()
    var isSeen = false
    var next = appended.newestFirst[...]
    var page = pageCount - 1
    var open: (rows: SweptRows, next: Int)?
    let asOf = AsOf(microseconds: question)
    let starts = folds.windows.map { $0.span(at: asOf).lowerBound }
    for window in starts.indices.sorted(by: { starts[$0] > starts[$1] }) {
      let start = starts[window]
      if let row = next.first, appended.times[row] >= start {
        appended.bind(to: folds)
        while let row = next.first, appended.times[row] >= start {
          if appended.shows(row, to: asOf) {
            folds.add(row)
            isSeen = true
          }
          next.removeFirst()
        }
      }
      while true {
        if let (rows, from) = open {
          var row = from
          rows.bind(to: folds)
          while row >= 0, rows.times[row] >= start {
            if rows.shows(row, to: asOf) {
              folds.add(row)
              isSeen = true
            }
            row -= 1
          }
          open = row >= 0 ? (rows, row) : nil
          if row >= 0 { break }
        }
        guard let index, page >= 0 else { break }
        let entry = try index.page(page)
        guard entry.last >= start else { break }
        if entry.first >= start, entry.lastMissing < question {
          var states = try index.states(of: entry)
          do throws(StateError) { try folds.merge(from: &states) } catch {
            throw RowsError("states")
          }
          isSeen = isSeen || entry.rowCount > 0
        } else {
          guard entry.block.upperBound <= value.count else { throw RowsError("pages") }
          let rows = try SweptRows(
            UnsafeRawBufferPointer(rebasing: value[entry.block]), format, set)
          open = (rows, rows.times.count - 1)
        }
        page -= 1
      }
      folds.answers(of: window, at: asOf, answer)
    }
    return isSeen
  }
}

/// Rows that are added one by one.
private struct SweptRows {
  private let columns: [Column]
  private let values: [Column]
  private let known: Buffer<Int64>?
  let times: Buffer<Int64>

  init(_ value: UnsafeRawBufferPointer, _ format: RowFormat, _ set: SetPlan) throws(RowsError) {
    let reader = RowBlockReader(format)
    try reader.read(value)
    columns = reader.finish()
    values = Array(columns[set.valueColumns])
    guard case .time(let times) = columns[0].values else { throw RowsError("times") }
    self.times = times
    known =
      if let column = set.knownColumn, case .time(let moments) = columns[column].values {
        moments
      } else { nil }
  }

  /// The rows by time, the newest first.
  var newestFirst: [Int] {
    let isInOrder = times.count < 2 || (1..<times.count).allSatisfy { times[$0 - 1] <= times[$0] }
    let rows = Array((0..<times.count).reversed())
    return isInOrder ? rows : rows.sorted { times[$0] > times[$1] }
  }

  @inline(__always)
  func shows(_ row: Int, to question: AsOf) -> Bool {
    Visibility.events.shows(
      EventTime(microseconds: times[row]), known: known.map { KnownTime(microseconds: $0[row]) },
      to: question)
  }

  func bind(to folds: WindowFolds) { folds.bind(times: times, values: values) }

  /// Whether an id is in these rows twice, or in them and in the pages of `index`.
  func repeatsIds(of index: RowIndex?, _ set: SetPlan) -> Bool {
    let identity = RowIdentity(columns, of: set)
    guard !identity.isEmpty, times.count > 0 else { return false }
    let hashes = (0..<times.count).map(identity.hash).sorted()
    if zip(hashes, hashes.dropFirst()).contains(where: { $0 == $1 }) { return true }
    guard let index else { return false }
    return hashes.contains(where: index.holds)
  }
}
