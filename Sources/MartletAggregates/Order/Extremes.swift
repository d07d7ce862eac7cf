/// The `count` values at one end, the outermost first: k of min, max, first or last.
///
/// The last five are listed newest first, so that the first of the list is what `last` alone says.
/// A value that was seen twice is listed twice. Fewer rows, a shorter list; no rows, no value.
public struct Extremes<Value: Ranked & Equatable>: Aggregate {
  /// Which end.
  public let end: RankingEnd

  /// How many values at most.
  public let count: Int

  /// As many values as a state may ever be asked to keep.
  public static var most: Int { 1024 }

  /// The `count` values at `end`.
  public init(_ count: Int, _ end: RankingEnd) {
    precondition((1...Self.most).contains(count), "\(count) values of at most \(Self.most)")
    self.end = end
    self.count = count
  }

  public typealias State = RankedList<Value>

  public var empty: State { State() }

  public func add(_ input: Value, to state: inout State) {
    if state.values.count == count {
      guard end.prefers(input, to: state.values[count - 1]) else { return }
      state.values.removeLast()
    }
    let place = state.values.firstIndex(past: { end.prefers(input, to: $0) })
    state.values.insert(input.normalized, at: place)
  }

  public func merge(_ other: State, into state: inout State) {
    for value in other.values { add(value, to: &state) }
  }

  public func value(of state: State) -> RankedList<Value>? { state.values.isEmpty ? nil : state }

  // version · count · values, the outermost first
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(UInt64(state.values.count))
    for value in state.values { value.write(to: &writer) }
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    var state = State()
    for _ in 0..<(try reader.readCount("value count", atMost: count)) {
      let value = try Value.read(from: &reader)
      if let last = state.values.last, end.prefers(value, to: last) {
        throw StateError("values", .outOfOrder)
      }
      state.values.append(value)
    }
    return state
  }
}
