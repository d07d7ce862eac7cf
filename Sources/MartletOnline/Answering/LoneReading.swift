import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Reads features of states straight from the bytes of an entity that has one row.
struct LoneReading: Sendable {
  private let keep: TimeLength?
  private let layout: UInt32
  private let kinds: [LoneRow.Kind]
  private let known: Int?
  private let deleted: Int?

  /// For each output, its column among those of a row.
  private let outputs: [Int]

  init?(_ lookup: DirectLookup) {
    let set = lookup.set
    guard case .states(let states) = set.answer else { return nil }
    let format = RowFormat(set)
    let kinds = format.types.compactMap { LoneRow.Kind($0) }
    guard kinds.count == format.types.count else { return nil }
    outputs = lookup.outputs.map { set.valueColumns.lowerBound + states.features[$0].place }
    self.kinds = kinds
    keep = states.keep
    layout = format.layout
    known = set.knownColumn
    deleted = set.deletedColumn
  }

  /// The answer; `nil` where the entity has several rows.
  func row(
    _ value: UnsafeRawBufferPointer?, at question: Instant
  ) throws(RowsError) -> OnlineRow? {
    guard let value else { return row(.missing) }
    let columns = kinds.count
    return try withUnsafeTemporaryAllocation(of: LoneRow.Place.self, capacity: columns) {
      (places) throws(RowsError) in
      guard try LoneRow.find(in: value, kinds, layout: layout, places) else { return nil }
      let state = LoneState(
        EventTime(microseconds: value.word(places[0])),
        known: known.map { KnownTime(microseconds: value.word(places[$0])) },
        isDelete: deleted.map { value.word(places[$0]) != 0 } ?? false)
      let status = state.status(at: AsOf(microseconds: question.microseconds), keeping: keep)
      guard status == .present else { return row(status) }
      var row = OnlineRow(capacity: outputs.count)
      for column in outputs {
        let place = places[column]
        if place.isNull {
          row.appendNull(.null)
        } else {
          switch kinds[column] {
          case .string: row.append(text: value.text(place), isString: true)
          case .bytes: row.append(text: value.text(place), isString: false)
          default: row.append(word: value.word(place), as: kinds[column])
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
