import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Answers one question about one entity's events from its value, by as few of its rows as can be read.
///
/// Measures with small states are answered by rests where the question sees all rows of the pages, as one
/// about this moment does, and all others by tiles. Both give the same.
///
/// One thread at a time.
final class WindowSweep {
  private let rests: RestSweep
  private let smallTiles: TileSweep
  private let largeTiles: TileSweep
  private let reading: PageReading

  /// How far the folds of small states have come, and those of large ones.
  private var smallCourse: WindowCourse
  private var largeCourse: WindowCourse

  /// Tells appended rows by their ids, and the hashes of those, for the next question again.
  private let identity: RowIdentity
  private var hashes: [UInt64] = []

  /// What was appended, and behind it the page that is looked at.
  private let places: RowPlaces

  /// A sweep over values of `set`; `nil` where it has none that can be folded.
  init?(_ set: SetPlan) {
    guard let folds = SetFolds(set) else { return nil }
    let format = RowFormat(set)
    let reading = PageReading(
      layout: format.layout, names: folds.names, firstValue: set.valueColumns.lowerBound)
    func course(_ folds: WindowFolds) -> WindowCourse {
      WindowCourse(folds, firstValue: reading.firstValue, knownColumn: set.knownColumn)
    }
    smallCourse = course(folds.small)
    largeCourse = course(folds.large)
    rests = RestSweep(folds: folds.small, reading: reading)
    smallTiles = TileSweep(folds: folds.small, room: .small, reading: reading)
    largeTiles = TileSweep(folds: folds.large, room: .large, reading: reading)
    self.reading = reading
    places = RowPlaces(format)
    identity = RowIdentity(set)
  }

  /// What it took to answer the window of a feature, by the feature's number.
  func steps(of feature: Int, over window: Int) -> SweepSteps {
    let course = smallTiles.folds.answers(feature) ? smallCourse : largeCourse
    return course.stepsOfWindows[window]
  }

  /// Hands `answer` each feature's value at `question`, and returns whether any row was seen.
  ///
  /// `nil`, and nothing handed over, where rows have to be compared first since an id was appended
  /// again, and where `entity` is `nil` and the rows are in chapters.
  func sweep(
    _ bytes: UnsafeRawBufferPointer, isChecked: Bool = false, at question: Int64,
    of entity: EntityReader?, _ answer: (Int, Value) -> Void
  ) throws(RowsError) -> Bool? {
    let index = try reading.index(of: bytes)
    if let index, index.holdsChapters, entity == nil { return nil }
    let pagesEnd = try index?.endOfPages() ?? 0
    guard pagesEnd <= bytes.count else { throw RowsError("pages") }
    places.removeAll()
    try places.append(
      UnsafeRawBufferPointer(rebasing: bytes[pagesEnd...]), isChecked: isChecked)
    if try repeatsIds(of: index, in: bytes, entity) { return nil }

    let value = SweptValue(bytes: bytes, index: index, entity: entity, places: places)
    let moment = AsOf(microseconds: question)
    var isSeen = false
    if !rests.folds.isEmpty {
      let hasRests = index.map { $0.hasStates && $0.lastMissing < question } ?? true
      isSeen =
        hasRests
        ? try rests.sweep(value, at: moment, &smallCourse, answer)
        : try smallTiles.sweep(value, at: moment, &smallCourse, answer)
    }
    if !largeTiles.folds.isEmpty,
      try largeTiles.sweep(value, at: moment, &largeCourse, answer)
    {
      isSeen = true
    }
    return isSeen
  }

  /// Whether an id was appended twice, or is in the pages as well.
  private func repeatsIds(
    of index: RowIndex?, in value: UnsafeRawBufferPointer, _ entity: EntityReader?
  ) throws(RowsError) -> Bool {
    guard !identity.isEmpty, places.count > 0 else { return false }
    if index == nil, places.count == 1, !places.mayRepeatIds { return false }
    hashes.removeAll(keepingCapacity: true)
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
