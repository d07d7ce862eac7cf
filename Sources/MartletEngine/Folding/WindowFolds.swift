public import MartletAggregates
public import MartletColumns
public import MartletPlan

/// The measures of a set of events whose states take as much room, as one state that rows, or states
/// written before, are folded into.
///
/// Whoever folds has everything that a window holds folded, and reads the window's answers then. What
/// several windows share is folded once: `keep` holds it, and `rewind` goes back to it.
///
/// One thread at a time.
public final class WindowFolds {
  /// What the states are of, in the order in which they are written. States of other names cannot be
  /// joined with these.
  public let names: [String]

  /// The windows of the whole set.
  public let windows: [Window]

  /// The numbers of those that some measure here is wanted over.
  public let wanted: [Int]

  private let steps: FoldSteps

  /// For each window, what hands over the answers of its features here.
  private let answers: [(AsOf, (Int, Value) -> Void) -> Void]
  private let featuresHere: Set<Int>

  /// The bytes of the state that is joined, for the next one again.
  private var scratch: [UInt8] = []

  /// Folds of the measures of `plan` whose states take `room`, over kept values of `types`; `nil` where
  /// the state of some measure cannot be written.
  public init?(_ plan: WindowPlan, over types: [ColumnType], _ room: StateRoom) {
    let groups = plan.groups
      .filter { plan.measures[$0.measures[0]].stateRoom == room }
      .map { (name: WindowPlan.StateName(plan.measures[$0.measures[0]]).text, group: $0) }
      .sorted { $0.name < $1.name }
    var folds: [MeasureFold] = []
    var foldOfMeasure: [Int: Int] = [:]
    for (index, entry) in groups.enumerated() {
      let measure = plan.measures[entry.group.measures[0]]
      guard let fold = measure.fold(over: measure.value.map { types[$0] }) else { return nil }
      folds.append(fold)
      for number in entry.group.measures { foldOfMeasure[number] = index }
    }
    names = groups.map(\.name)
    windows = plan.windows
    steps = .all(folds.map(\.steps)[...])
    let featuresHere = plan.features.indices.filter {
      foldOfMeasure[plan.features[$0].place.measure] != nil
    }
    answers = plan.windows.indices.map { window in
      let handing = featuresHere.filter { plan.features[$0].place.window == window }
        .map { feature -> (AsOf, (Int, Value) -> Void) -> Void in
          let measure = plan.measures[plan.features[feature].place.measure]
          let value = folds[foldOfMeasure[plan.features[feature].place.measure] ?? 0].value
          return { $1(feature, value(measure, $0)) }
        }
      return Self.all(handing[...])
    }
    wanted = plan.windows.indices.filter { window in
      featuresHere.contains { plan.features[$0].place.window == window }
    }
    self.featuresHere = Set(featuresHere)
  }

  /// One call for all of `answers`, in their order.
  private static func all(
    _ answers: ArraySlice<(AsOf, (Int, Value) -> Void) -> Void>
  ) -> (AsOf, (Int, Value) -> Void) -> Void {
    guard let only = answers.first else { return { _, _ in } }
    guard answers.count > 1 else { return only }
    let middle = answers.startIndex + answers.count / 2
    let (first, second) = (all(answers[..<middle]), all(answers[middle...]))
    return {
      first($0, $1)
      second($0, $1)
    }
  }

  /// Whether no measure has states of this room.
  public var isEmpty: Bool { names.isEmpty }

  /// Whether feature number `feature` is answered here.
  public func answers(_ feature: Int) -> Bool { featuresHere.contains(feature) }

  /// Begins anew, and keeps nothing.
  public func reset() { steps.reset() }

  /// Keeps what has been folded so far.
  public func keep() { steps.keep() }

  /// Goes back to what was kept.
  public func rewind() { steps.rewind() }

  /// Adds the rows in `range`.
  public func add(_ range: Range<Int>, of rows: FoldRows) {
    guard !range.isEmpty else { return }
    precondition(range.lowerBound >= 0 && range.upperBound <= rows.count, "rows of another block")
    steps.add(range, rows)
  }

  /// Joins the states that `bytes` are.
  public func merge(_ bytes: UnsafeRawBufferPointer) throws(StateError) {
    // One array for all, so that nothing is allocated for each: the reader is gone by the next time.
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: bytes)
    var reader = StateReader(scratch)
    try steps.merge(&reader)
    try reader.finish()
  }

  /// Writes the states.
  public func encode(into writer: inout StateWriter) { steps.encode(&writer) }

  /// Hands `body` the answer of each feature here that wants `window`, by the feature's number.
  public func answers(of window: Int, at question: AsOf, _ body: (Int, Value) -> Void) {
    answers[window](question, body)
  }
}
