public import MartletAggregates
public import MartletColumns
public import MartletPlan

/// Every measure of a set of events as one state that rows, or states written before, are folded into.
///
/// Whoever folds goes backwards in time: past the start of a window, everything that the window holds
/// has been folded, and its answers are read.
///
/// One thread at a time.
public final class WindowFolds {
  /// What the states are of, in the order in which they are written. States of other names cannot be
  /// joined with these.
  public let names: [String]

  /// The windows, and of each the features that want it.
  public let windows: [Window]

  private let plan: WindowPlan
  private let folds: [MeasureFold]

  /// For each feature, the fold that answers it.
  private let foldOfFeature: [Int]
  private let featuresOfWindow: [[Int]]

  /// Folds of `plan` over kept values of `types`; `nil` where the state of some measure cannot be
  /// written.
  public init?(_ plan: WindowPlan, over types: [ColumnType]) {
    let groups = plan.groups
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
    self.plan = plan
    self.folds = folds
    names = groups.map(\.name)
    windows = plan.windows
    foldOfFeature = plan.features.map { foldOfMeasure[$0.place.measure] ?? 0 }
    featuresOfWindow = plan.windows.indices.map { window in
      plan.features.indices.filter { plan.features[$0].place.window == window }
    }
  }

  /// Begins anew.
  public func reset() { for fold in folds { fold.reset() } }

  /// Adds the rows in `range`.
  public func add(_ range: Range<Int>, of rows: FoldRows) {
    guard !range.isEmpty else { return }
    precondition(range.lowerBound >= 0 && range.upperBound <= rows.count, "rows of another block")
    for fold in folds { fold.add(range, rows) }
  }

  /// Joins states that were written.
  public func merge(from reader: inout StateReader) throws(StateError) {
    for fold in folds { try fold.merge(&reader) }
  }

  /// Writes the states.
  public func encode(into writer: inout StateWriter) {
    for fold in folds { fold.encode(&writer) }
  }

  /// Hands `body` the answer of each feature that wants `window`, by the feature's number.
  public func answers(
    of window: Int, at question: AsOf, _ body: (Int, Value) -> Void
  ) {
    for feature in featuresOfWindow[window] {
      let measure = plan.measures[plan.features[feature].place.measure]
      body(feature, folds[foldOfFeature[feature]].value(measure, question))
    }
  }
}
