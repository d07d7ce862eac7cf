import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// How a single row of a set of states is read, and when it holds.
struct LoneRule: Sendable {
  let kinds: [LoneRow.Kind]
  let layout: UInt32

  /// The bytes of a row of which nothing is null; `nil` where texts make rows of many lengths.
  let wholeByteCount: Int?
  private let keep: TimeLength?
  private let known: Int?
  private let deleted: Int?

  /// The rule of `set`; `nil` where its rows have columns that are not read this way.
  init?(_ set: SetPlan) {
    guard case .states(let states) = set.answer else { return nil }
    let format = RowFormat(set)
    let kinds = format.types.compactMap { LoneRow.Kind($0) }
    guard kinds.count == format.types.count else { return nil }
    self.kinds = kinds
    layout = format.layout
    wholeByteCount =
      kinds.contains { $0 == .string || $0 == .bytes }
      ? nil : kinds.reduce(0) { $0 + ($1 == .bool ? 2 : 9) }
    keep = states.keep
    known = set.knownColumn
    deleted = set.deletedColumn
  }

  /// Whether the row at `places` of `value` holds at `question`.
  @inline(__always)
  func status(
    of value: UnsafeRawBufferPointer, _ places: UnsafeMutableBufferPointer<LoneRow.Place>,
    at question: AsOf
  ) -> ValueStatus {
    let state = LoneState(
      EventTime(microseconds: value.word(places[0])),
      known: known.map { KnownTime(microseconds: value.word(places[$0])) },
      isDelete: deleted.map { value.word(places[$0]) != 0 } ?? false)
    return state.status(at: question, keeping: keep)
  }
}
