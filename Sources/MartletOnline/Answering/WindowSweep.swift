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
  private var isSeen = false

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
  /// `nil`, and nothing handed over, where rows have to be compared first since an id was appended
  /// again, and where `entity` is `nil` and the rows are in chapters.
  func sweep(
    _ value: UnsafeRawBufferPointer, at question: Int64, of entity: EntityReader?,
    _ answer: (Int, Value) -> Void
  ) throws(RowsError) -> Bool? {
    var levels: [Level] = []
    var appendedStart = 0
    if let index = try RowIndex(of: value, layout: format.layout, names: names) {
      if index.holdsChapters, entity == nil { return nil }
      levels.append(Level(index: index, value: value, owner: nil))
      appendedStart = try index.endOfPages()
      guard appendedStart <= value.count else { throw RowsError("pages") }
    }
    let appended = try SweptRows(
      UnsafeRawBufferPointer(rebasing: value[appendedStart...]), format, set)
    if try appended.repeatsIds(of: levels.first?.index, entity, set) { return nil }

    folds.reset()
    isSeen = false
    let asOf = AsOf(microseconds: question)
    let starts = folds.windows.map { $0.span(at: asOf).lowerBound }
    var loose = Cursor(rows: appended)
    var open: Cursor?
    for window in starts.indices.sorted(by: { starts[$0] > starts[$1] }) {
      let start = starts[window]
      add(&loose, from: start, asOf)
      while true {
        if var cursor = open.take() {
          add(&cursor, from: start, asOf)
          if !cursor.isDone {
            open = cursor
            break
          }
        }
        guard let level = levels.last else { break }
        guard level.next >= 0 else {
          levels.removeLast()
          continue
        }
        let entry = try level.index.page(level.next)
        guard entry.last >= start else { break }
        levels[levels.count - 1].next -= 1
        if level.index.hasStates, entry.first >= start, entry.lastMissing < question {
          var states = try level.index.states(of: entry)
          do throws(StateError) { try folds.merge(from: &states) } catch {
            throw RowsError("states")
          }
          isSeen = isSeen || entry.rowCount > 0
        } else if level.index.holdsChapters {
          let chapter = try chapter(entry.chapter, of: entity)
          if let index = try RowIndex(of: chapter.bytes, layout: format.layout, names: names) {
            levels.append(Level(index: index, value: chapter.bytes, owner: chapter))
          } else {
            open = Cursor(rows: try SweptRows(chapter.bytes, format, set))
          }
        } else {
          guard entry.block.upperBound <= level.value.count else { throw RowsError("pages") }
          let rows = try SweptRows(
            UnsafeRawBufferPointer(rebasing: level.value[entry.block]), format, set)
          open = Cursor(rows: rows)
        }
      }
      folds.answers(of: window, at: asOf, answer)
    }
    return isSeen
  }

  /// An index that is gone through backwards, and the bytes that it lies in.
  private struct Level {
    let index: RowIndex
    let value: UnsafeRawBufferPointer
    let owner: OwnedBytes?
    var next: Int

    init(index: RowIndex, value: UnsafeRawBufferPointer, owner: OwnedBytes?) {
      self.index = index
      self.value = value
      self.owner = owner
      next = index.pageCount - 1
    }
  }

  /// Rows that are gone through backwards.
  private struct Cursor {
    let rows: SweptRows
    let order: [Int]
    var next = 0

    init(rows: SweptRows) {
      self.rows = rows
      order = rows.newestFirst
    }

    var isDone: Bool { next == order.count }
  }

  private func chapter(
    _ number: UInt32, of entity: EntityReader?
  ) throws(RowsError) -> OwnedBytes {
    var found: OwnedBytes?
    // Why a chapter cannot be read makes no difference to whoever asks: an answer there is not.
    do throws(OnlineError) { found = try entity?.chapter(number) } catch {
      throw RowsError("chapter")
    }
    guard let found else { throw RowsError("chapter") }
    return found
  }

  /// Adds the rows at `cursor` that a window from `start` on holds.
  private func add(_ cursor: inout Cursor, from start: Int64, _ question: AsOf) {
    let rows = cursor.rows
    guard !cursor.isDone, rows.times[cursor.order[cursor.next]] >= start else { return }
    rows.bind(to: folds)
    while !cursor.isDone {
      let row = cursor.order[cursor.next]
      guard rows.times[row] >= start else { return }
      if rows.shows(row, to: question) {
        folds.add(row)
        isSeen = true
      }
      cursor.next += 1
    }
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

  /// Whether an id is in these rows twice, or in them and in what `index` is of.
  func repeatsIds(
    of index: RowIndex?, _ entity: EntityReader?, _ set: SetPlan
  ) throws(RowsError) -> Bool {
    let identity = RowIdentity(columns, of: set)
    guard !identity.isEmpty, times.count > 0 else { return false }
    let hashes = (0..<times.count).map(identity.hash).sorted()
    if zip(hashes, hashes.dropFirst()).contains(where: { $0 == $1 }) { return true }
    guard let index else { return false }
    guard index.holdsChapters else { return hashes.contains(where: index.holds) }
    do throws(OnlineError) {
      for hash in hashes where try entity?.time(ofId: hash) != nil { return true }
      return false
    } catch { throw RowsError("ids") }
  }
}
