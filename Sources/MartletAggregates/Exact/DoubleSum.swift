/// The sum or the average of doubles, correctly rounded.
///
/// A sum beyond the largest double is an infinity, as rounding to the nearest has it; once enough is
/// removed it is a number again. Any NaN, or infinities of both signs, make NaN.
public struct DoubleSum: RemovableAggregate {
  /// What is asked of the numbers.
  public enum Question: Sendable { case sum, average }

  /// What is asked.
  public let question: Question

  /// Answers `question`.
  public init(_ question: Question) { self.question = question }

  /// How many numbers there are, and their exact sum.
  public struct State: Equatable, Sendable {
    var rows: Tally = .zero
    var total = ExactSum()
  }

  public var empty: State { State() }

  @inline(__always)
  public func add(_ input: Double, to state: inout State) {
    state.rows.add(1)
    state.total.add(input)
  }

  public func add(_ inputs: Span<Double>, to state: inout State) {
    state.total.add(inputs)
    state.rows.add(Tally(UInt64(inputs.count)))
  }

  @inline(__always)
  public func remove(_ input: Double, from state: inout State) {
    state.rows.subtract(1)
    state.total.remove(input)
  }

  public func remove(_ inputs: Span<Double>, from state: inout State) {
    state.rows.subtract(Tally(UInt64(inputs.count)))
    state.total.remove(inputs)
  }

  public func merge(_ other: State, into state: inout State) {
    state.rows.add(other.rows)
    state.total.merge(other.total)
  }

  public func subtract(_ other: State, from state: inout State) {
    state.rows.subtract(other.rows)
    state.total.subtract(other.total)
  }

  public func value(of state: State) -> Double? {
    guard state.rows > 0 else { return nil }
    return switch question {
    case .sum: state.total.rounded
    case .average: state.total.rounded(dividedBy: state.rows.number)
    }
  }

  // version · rows · infinities and NaNs · sign and size, exponent, magnitude
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(state.rows.number)
    state.total.encode(into: &writer)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    let rows = Tally(try reader.readNumber("rows"))
    return State(rows: rows, total: try ExactSum(from: &reader))
  }
}
