import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// Reads features of events of one entity by a sweep over its value.
struct SweptReading: Sendable {
  private let sweeps: SweepPool
  private let outputs: [Int]

  /// What each output says where nothing is seen.
  private let empty: [Value]

  init?(_ lookup: DirectLookup) {
    guard case .events(let plan) = lookup.set.answer, let sweeps = SweepPool(lookup.set) else {
      return nil
    }
    self.sweeps = sweeps
    outputs = lookup.outputs
    empty = plan.features.map { feature in
      plan.measures[feature.place.measure].function.countsEmpty ? .int(0) : .null
    }
  }

  /// The answer; `nil` where rows have to be compared first, and where they are in chapters and
  /// `entity` is `nil`.
  func row(
    _ value: UnsafeRawBufferPointer?, of entity: EntityReader?, at question: Instant
  ) throws(RowsError) -> OnlineRow? {
    var values = empty
    var isSeen = false
    if let value {
      let seen = try sweeps.withSweep { (sweep) throws(RowsError) in
        try sweep.sweep(value, at: question.microseconds, of: entity) { values[$0] = $1 }
      }
      guard let seen else { return nil }
      isSeen = seen
    }
    var row = OnlineRow(capacity: outputs.count)
    for output in outputs {
      let value = values[output]
      row.append(value, isSeen ? value == .null ? .null : .present : .missing)
    }
    return row
  }
}
