/// How many rows there are: the one aggregate that no rows have a value of.
public struct Count<Input: Sendable>: RemovableAggregate {
  /// Counts values of any type.
  public init() {}

  /// How many were counted.
  public struct State: Equatable, Sendable {
    var rows: Tally = .zero
  }

  public var empty: State { State() }

  public func add(_ input: Input, to state: inout State) { state.rows.add(1) }

  public func add(_ inputs: Span<Input>, to state: inout State) {
    state.rows.add(Tally(UInt64(inputs.count)))
  }

  public func remove(_ input: Input, from state: inout State) { state.rows.subtract(1) }

  public func merge(_ other: State, into state: inout State) { state.rows.add(other.rows) }

  public func subtract(_ other: State, from state: inout State) { state.rows.subtract(other.rows) }

  public func value(of state: State) -> Int64? { Int64(clamping: state.rows.number) }

  // version · rows
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(state.rows.number)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    return State(rows: Tally(try reader.readNumber("rows")))
  }
}
