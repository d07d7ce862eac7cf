import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// The folds of a set's measures by the room that their states take.
///
/// A small state is kept of every page, and of every page with all behind it. A large one is kept of
/// pages alone: of all that lies behind each it would take more room than the rows.
struct SetFolds {
  let small: WindowFolds
  let large: WindowFolds

  /// The hash that stands for what the states are of.
  let names: UInt64

  /// Folds for the measures of `set`; `nil` of states, and where a measure has no state to write.
  init?(_ set: SetPlan) {
    guard case .events(let plan) = set.answer else { return nil }
    let types = set.schema.fields.dropFirst(set.rows.firstValue).map(\.type)
    guard let small = WindowFolds(plan, over: types, .small),
      let large = WindowFolds(plan, over: types, .large)
    else { return nil }
    self.small = small
    self.large = large
    names = RowIndex.hash(of: small.names + ["-"] + large.names)
  }

  func reset() {
    small.reset()
    large.reset()
  }

  func add(_ range: Range<Int>, of rows: FoldRows) {
    small.add(range, of: rows)
    large.add(range, of: rows)
  }

  /// Joins what `states` are.
  func merge(_ states: WrittenStates) throws(StateError) {
    try states.small.withBytes { (bytes) throws(StateError) in try small.merge(bytes) }
    try states.large.withBytes { (bytes) throws(StateError) in try large.merge(bytes) }
  }

  var written: WrittenStates {
    WrittenStates(small: small.written, large: large.written)
  }
}

/// States of some rows as they are written.
struct WrittenStates {
  var small: [UInt8]
  var large: [UInt8] = []
}

extension WindowFolds {
  /// The states as they are written.
  var written: [UInt8] {
    var writer = StateWriter()
    encode(into: &writer)
    return writer.bytes
  }
}

extension [UInt8] {
  /// Lends `body` the bytes, keeping the type of what it throws.
  func withBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try span.bytes.withUnsafeBytes { (bytes) throws(Failure) in try body(bytes) }
  }
}
