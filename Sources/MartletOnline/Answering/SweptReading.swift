import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// Reads features of events of one entity by a sweep over its value.
struct SweptReading: Sendable {
  private let sweeps: SweepPool

  /// For each feature of the set, the outputs that it is.
  private let outputsOfFeature: [[Int]]

  /// What is answered where nothing is seen.
  private let empty: OnlineRow

  init?(_ lookup: DirectLookup) {
    guard case .events(let plan) = lookup.set.answer, let sweeps = SweepPool(lookup.set) else {
      return nil
    }
    self.sweeps = sweeps
    outputsOfFeature = plan.features.indices.map { feature in
      lookup.outputs.indices.filter { lookup.outputs[$0] == feature }
    }
    var empty = OnlineRow(capacity: lookup.outputs.count)
    for output in lookup.outputs {
      let countsEmpty = plan.measures[plan.features[output].place.measure].function.countsEmpty
      empty.append(countsEmpty ? .int(0) : .null, .missing)
    }
    self.empty = empty
  }

  /// The answer; `nil` where rows have to be compared first, and where they are in chapters and
  /// `entity` is `nil`.
  func row(
    _ value: UnsafeRawBufferPointer?, of entity: EntityReader?, at question: Instant
  ) throws(RowsError) -> OnlineRow? {
    guard let value else { return empty }
    var row = empty
    let isSeen = try sweeps.withSweep { (sweep) throws(RowsError) in
      try sweep.sweep(value, at: question.microseconds, of: entity) { feature, value in
        for output in outputsOfFeature[feature] {
          row.replace(output, by: value, value == .null ? .null : .present)
        }
      }
    }
    guard let isSeen else { return nil }
    return isSeen ? row : empty
  }
}
