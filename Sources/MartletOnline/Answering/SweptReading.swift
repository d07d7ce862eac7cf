import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// Reads features of events of one entity by a sweep over its value.
struct SweptReading: Sendable {
  /// What is answered of a feature: the outputs that it is are those of `slots` in the range.
  private let slotsOfFeature: [Range<Int32>]
  private let slots: [Int]

  /// The outputs that are 0 where nothing is seen.
  private let counts: [Int]

  /// Reads the features with these numbers of `set`, each into one of `slots`.
  init?(_ set: SetPlan, features: [Int], into slots: [Int]) {
    guard case .events(let plan) = set.answer, WindowSweep(set) != nil else { return nil }
    var slotsOfFeature: [Range<Int32>] = []
    var ordered: [Int] = []
    for feature in plan.features.indices {
      let start = Int32(clamping: ordered.count)
      for (wanted, slot) in zip(features, slots) where wanted == feature { ordered.append(slot) }
      slotsOfFeature.append(start..<Int32(clamping: ordered.count))
    }
    self.slotsOfFeature = slotsOfFeature
    self.slots = ordered
    counts = zip(features, slots).compactMap { feature, slot in
      let measure = plan.measures[plan.features[feature].place.measure]
      return measure.function.countsEmpty ? slot : nil
    }
  }

  /// Fills `row`, which is missing all of them.
  ///
  /// - Returns: `false` where rows have to be compared first, and where they are in chapters and `entity`
  ///   is `nil`.
  func fill(
    _ row: inout OnlineRow, from value: UnsafeRawBufferPointer?, of entity: EntityReader?,
    isChecked: Bool, by sweep: WindowSweep, at question: Instant
  ) throws(RowsError) -> Bool {
    guard let value else {
      empty(&row)
      return true
    }
    let isSeen = try sweep.sweep(
      value, isChecked: isChecked, at: question.microseconds, of: entity
    ) { feature, value in
      let range = slotsOfFeature[feature]
      for place in range {
        row.set(slots[Int(place)], to: value, value == .null ? .null : .present)
      }
    }
    guard let isSeen else { return false }
    if !isSeen { empty(&row) }
    return true
  }

  /// No row is seen.
  private func empty(_ row: inout OnlineRow) {
    for slot in slots { row.setNull(slot, .missing) }
    for slot in counts { row.set(slot, to: .int(0), .missing) }
  }
}
