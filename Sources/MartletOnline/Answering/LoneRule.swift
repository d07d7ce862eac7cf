import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// How a single row of a set of states is read, and when it holds.
struct LoneRule: Sendable {
  let kinds: [LoneRow.Kind]
  let layout: UInt32

  /// The columns that are read.
  let wanted: [Int]

  /// Where each column of a row of which nothing is null begins, and the bytes of such a row; `nil` where
  /// texts make rows of many lengths.
  let wholeOffsets: [Int]
  let wholeByteCount: Int?
  private let keep: TimeLength?
  private let known: Int?
  private let deleted: Int?

  /// The rule of `set`, by which the values of `columns` are read; `nil` where its rows have columns that
  /// are not read this way.
  init?(_ set: SetPlan, reading columns: [Int]) {
    guard case .states(let states) = set.answer else { return nil }
    let format = RowFormat(set)
    let kinds = format.types.compactMap { LoneRow.Kind($0) }
    guard kinds.count == format.types.count else { return nil }
    self.kinds = kinds
    layout = format.layout
    var offsets: [Int] = []
    var byteCount = 0
    for kind in kinds {
      offsets.append(byteCount)
      byteCount += kind == .bool ? 2 : 9
    }
    wholeOffsets = offsets
    wholeByteCount = kinds.contains { $0 == .string || $0 == .bytes } ? nil : byteCount
    let own = [0, set.knownColumn, set.deletedColumn].compactMap { $0 }
    wanted = Set(own + columns).sorted()
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
