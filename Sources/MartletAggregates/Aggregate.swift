public import MartletColumns

/// A summary of rows that can be built in pieces and joined, in any order, to the same bits.
///
/// The conforming value carries the parameters (how many, which quantile); the summary is its
/// `State`. Offline folds whole columns through this; online folds the few rows since the last tile.
///
/// Laws, for all rows and states:
/// - `merge` is associative and commutative, and `empty` is its identity.
/// - However rows are ordered and split among states, the merged state encodes to the same bytes.
/// - `decode` of what `encode` wrote gives back an equal state.
public protocol Aggregate<Input>: Sendable {
  /// What one row brings. Never null: nulls are skipped, and counted beside the state.
  associatedtype Input: Sendable
  associatedtype State: Sendable & Equatable
  associatedtype Output: Sendable & Equatable

  /// The summary of no rows.
  var empty: State { get }

  /// Adds one row.
  func add(_ input: Input, to state: inout State)

  /// Adds a row for each of `inputs`.
  ///
  /// A requirement, so that a caller who does not know the type pays for one call, not one a row.
  func add(_ inputs: Span<Input>, to state: inout State)

  /// Joins the summary of other rows.
  func merge(_ other: State, into state: inout State)

  /// The feature's value, or `nil` when there is none.
  func value(of state: State) -> Output?

  /// Appends the one way to write `state`.
  func encode(_ state: State, into writer: inout StateWriter)

  /// Reads what `encode` wrote. Any bytes at all may be given.
  func decode(from reader: inout StateReader) throws(StateError) -> State
}

/// An aggregate whose rows can be taken out again, as exactly as they were added.
public protocol RemovableAggregate<Input>: Aggregate {
  /// Takes out a row that was added.
  func remove(_ input: Input, from state: inout State)

  /// Takes out a row for each of `inputs`. A requirement for the same reason as `add`.
  func remove(_ inputs: Span<Input>, from state: inout State)

  /// Takes out rows that were added.
  func subtract(_ other: State, from state: inout State)
}

extension Aggregate {
  public func add(_ inputs: Span<Input>, to state: inout State) {
    for index in inputs.indices { add(inputs[index], to: &state) }
  }

  /// Adds the rows of `inputs` that `validity` has set, and says how many were null.
  @discardableResult
  public func add(_ inputs: Span<Input>, validity: Bitmap?, to state: inout State) -> Int {
    guard let validity else {
      add(inputs, to: &state)
      return 0
    }
    precondition(validity.count == inputs.count, "\(validity.count) bits")
    var nullCount = 0
    for index in inputs.indices {
      if validity[index] { add(inputs[index], to: &state) } else { nullCount += 1 }
    }
    return nullCount
  }

  /// The state of `inputs`.
  public func state(of inputs: some Sequence<Input>) -> State {
    var state = empty
    for input in inputs { add(input, to: &state) }
    return state
  }

  /// The bytes of `state`: equal states, equal bytes.
  public func encoded(_ state: State) -> [UInt8] {
    var writer = StateWriter()
    encode(state, into: &writer)
    return writer.bytes
  }

  /// The state that `bytes` hold, all of them.
  public func decoded(_ bytes: [UInt8]) throws(StateError) -> State {
    var reader = StateReader(bytes)
    let state = try decode(from: &reader)
    try reader.finish()
    return state
  }
}

extension RemovableAggregate {
  public func remove(_ inputs: Span<Input>, from state: inout State) {
    for index in inputs.indices { remove(inputs[index], from: &state) }
  }
}
