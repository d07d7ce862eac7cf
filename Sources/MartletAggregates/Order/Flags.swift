/// Whether any flag was set, or all were.
///
/// States count, so that rows can be removed. No rows, no value.
public struct Flags: RemovableAggregate {
  /// What is asked of the flags.
  public enum Question: Sendable { case any, all }

  /// What is asked.
  public let question: Question

  /// Whether `question` of the flags were set.
  public init(_ question: Question) { self.question = question }

  /// How many flags were set, and how many clear.
  public struct State: Sendable, Equatable {
    var set: Tally = .zero
    var clear: Tally = .zero
  }

  public var empty: State { State() }

  public func add(_ input: Bool, to state: inout State) {
    if input { state.set.add(1) } else { state.clear.add(1) }
  }

  public func add(_ inputs: Span<Bool>, to state: inout State) {
    var set: UInt64 = 0
    for index in inputs.indices where inputs[index] { set &+= 1 }
    state.set.add(Tally(set))
    state.clear.add(Tally(UInt64(inputs.count) - set))
  }

  public func remove(_ input: Bool, from state: inout State) {
    if input { state.set.subtract(1) } else { state.clear.subtract(1) }
  }

  public func merge(_ other: State, into state: inout State) {
    state.set.add(other.set)
    state.clear.add(other.clear)
  }

  public func subtract(_ other: State, from state: inout State) {
    state.set.subtract(other.set)
    state.clear.subtract(other.clear)
  }

  public func value(of state: State) -> Bool? {
    guard state != empty else { return nil }
    return switch question {
    case .any: state.set > 0
    case .all: state.clear == 0
    }
  }

  // version · set · clear
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(state.set.number)
    writer.write(state.clear.number)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    let set = Tally(try reader.readNumber("set flags"))
    return State(set: set, clear: Tally(try reader.readNumber("clear flags")))
  }
}
