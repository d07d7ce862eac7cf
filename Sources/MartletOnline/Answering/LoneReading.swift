import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Reads features of states straight from the bytes of an entity that has one row.
struct LoneReading: Sendable {
  private let rule: LoneRule

  /// For each output, its column among those of a row.
  private let outputs: [Int]

  init?(_ lookup: DirectLookup) {
    let set = lookup.set
    guard case .states(let states) = set.answer, let rule = LoneRule(set) else { return nil }
    self.rule = rule
    outputs = lookup.outputs.map { set.valueColumns.lowerBound + states.features[$0].place }
  }

  /// The answer; `nil` where the entity has several rows.
  func row(
    _ value: UnsafeRawBufferPointer?, at question: Instant
  ) throws(RowsError) -> OnlineRow? {
    guard let value else { return row(.missing) }
    let columns = rule.kinds.count
    return try withUnsafeTemporaryAllocation(of: LoneRow.Place.self, capacity: columns) {
      (places) throws(RowsError) in
      guard try LoneRow.find(in: value, rule.kinds, layout: rule.layout, places) else { return nil }
      let status = rule.status(
        of: value, places, at: AsOf(microseconds: question.microseconds))
      guard status == .present else { return row(status) }
      var row = OnlineRow(capacity: outputs.count)
      for column in outputs {
        let place = places[column]
        if place.isNull {
          row.appendNull(.null)
        } else {
          switch rule.kinds[column] {
          case .string: row.append(text: value.text(place), isString: true)
          case .bytes: row.append(text: value.text(place), isString: false)
          default: row.append(word: value.word(place), as: rule.kinds[column])
          }
        }
      }
      return row
    }
  }

  /// No value, for a reason.
  private func row(_ status: ValueStatus) -> OnlineRow {
    var row = OnlineRow(capacity: outputs.count)
    for _ in outputs { row.appendNull(status) }
    return row
  }
}
