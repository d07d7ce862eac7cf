import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Reads features of states straight from the bytes of an entity that has one row.
struct LoneReading: Sendable {
  private let rule: LoneRule

  /// What is read: a column among those of a row, and the output that it is.
  private let outputs: [Output]

  private struct Output {
    let column: Int
    let slot: Int
  }

  /// Reads the features with these numbers of `set`, each into one of `slots`.
  init?(_ set: SetPlan, features: [Int], into slots: [Int]) {
    guard case .states(let states) = set.answer else { return nil }
    let outputs = zip(features, slots).map { feature, slot in
      Output(column: set.valueColumns.lowerBound + states.features[feature].place, slot: slot)
    }
    guard let rule = LoneRule(set, reading: outputs.map(\.column)) else { return nil }
    self.rule = rule
    self.outputs = outputs
  }

  /// Fills `row`, which is missing all of them; says `false` where the entity has several rows.
  func fill(
    _ row: inout OnlineRow, from value: UnsafeRawBufferPointer?, isChecked: Bool,
    at question: Instant
  ) throws(RowsError) -> Bool {
    guard let value else { return true }
    let rule = rule
    return try withUnsafeTemporaryAllocation(of: LoneRow.Place.self, capacity: rule.kinds.count) {
      (places) throws(RowsError) in
      guard try LoneRow.find(in: value, rule, isChecked: isChecked, places) else { return false }
      let status = rule.status(
        of: value, places, at: AsOf(microseconds: question.microseconds))
      guard status == .present else {
        for output in outputs { row.setNull(output.slot, status) }
        return true
      }
      for output in outputs {
        let place = places[output.column]
        if place.isNull {
          row.setNull(output.slot, .null)
        } else {
          let kind = rule.kinds[output.column]
          switch kind {
          case .string: row.set(output.slot, toText: value.text(place), isString: true)
          case .bytes: row.set(output.slot, toText: value.text(place), isString: false)
          default: row.set(output.slot, toWord: value.word(place), as: kind)
          }
        }
      }
      return true
    }
  }
}
