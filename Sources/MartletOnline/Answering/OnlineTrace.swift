public import MartletColumns
import MartletEngine
public import MartletPlan

/// How the online store keeps one entity's rows of one set, and what it took to answer one window.
public struct OnlineTrace: Hashable, Sendable {
  /// The load that answers: the number of its table.
  public var load: UInt64

  /// Every commit up to this one was seen.
  public var commit: UInt64

  /// How the rows are kept.
  public var form: Form = .nothing

  /// All rows of the entity, and how many of them were appended since they were last put in order.
  public var rowCount = 0
  public var appendedCount = 0

  /// The pages or chapters.
  public var pageCount = 0

  /// The bytes under the entity's own key.
  public var byteCount = 0

  /// What was read for the window; `nil` where all rows were, by the same join as in training.
  public var steps: SweepSteps?

  /// How rows are kept.
  public enum Form: String, Hashable, Sendable {
    case nothing
    case rows
    case pages
    case chapters
  }
}

/// What a sweep did until a window was answered.
public struct SweepSteps: Hashable, Sendable {
  /// The states of so many tiles were joined, and of so many pages or chapters.
  public var tiles = 0
  public var pages = 0

  /// So many states of a page or chapter and all behind it were joined.
  public var rests = 0

  /// So many chapters and pages were looked into, and so many rows of theirs added, or of those that
  /// were appended.
  public var openedChapters = 0
  public var openedPages = 0
  public var rows = 0
}

extension OnlineFeatures {
  /// How `set` keeps the rows of the entity of `keys`, and what it takes to answer its feature number
  /// `feature` at `question`.
  public func trace(
    of set: SetPlan, keys: [Value], feature: Int, at question: Instant
  ) throws(OnlineError) -> OnlineTrace {
    let view = try store.view()
    let attempt = "reading `\(set.name)` of an entity"
    guard let table = view.catalog.current(set) else {
      throw OnlineError(attempt, .nothingLoaded(set: set.name))
    }
    var trace = OnlineTrace(load: table.number, commit: view.commit)
    var key = table.prefix
    let isKey = OnlineRow(keys).withLent { values in
      zip(values, set.keys).allSatisfy { value, field in
        LoneRow.Kind(field.type).map { EntityKey.append(value, of: $0, to: &key) } ?? false
      }
    }
    // A null is part of no key: nothing is kept under it.
    guard isKey else { return trace }
    let entity = EntityReader(reader: view.reader, key: key)
    try withBytes(of: key) { (key) throws(OnlineError) in
      try view.reader.read(.rows, key) { (value) throws(OnlineError) in
        guard let value else { return }
        trace.rowCount = try entity.gather(value, of: set, into: RowBlockReader(RowFormat(set)))
        do throws(RowsError) {
          try trace.look(at: value, RowFormat(set))
          guard case .events(let plan) = set.answer else { return }
          trace.steps = try sweeps[set.name]?.withSweep { (sweep) throws(RowsError) in
            let seen = try sweep.sweep(value, at: question.microseconds, of: entity) { _, _ in }
            return seen == nil
              ? nil : sweep.steps(of: feature, over: plan.features[feature].place.window)
          }
        } catch {
          throw OnlineError(attempt, .damaged("the \(error.part) of its rows"))
        }
      }
    }
    return trace
  }
}

extension OnlineTrace {
  fileprivate mutating func look(
    at value: UnsafeRawBufferPointer, _ format: RowFormat
  ) throws(RowsError) {
    byteCount = value.count
    form = .rows
    guard let index = try RowIndex(of: value, layout: format.layout, names: 0) else { return }
    form = index.holdsChapters ? .chapters : .pages
    pageCount = index.pageCount
    var placed = 0
    for page in 0..<index.pageCount { placed += try index.page(page).rowCount }
    appendedCount = rowCount - placed
  }
}
