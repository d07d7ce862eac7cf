public import MartletColumns

/// One end of a ranking.
public enum RankingEnd: Sendable {
  case lowest
  case highest

  /// Whether `value` lies nearer to this end than `other`.
  func prefers<Value: Ranked>(_ value: Value, to other: Value) -> Bool {
    switch self {
    case .lowest: value.ranksBelow(other)
    case .highest: other.ranksBelow(value)
    }
  }
}

/// The value at one end: min, max, and of timed values first and last.
///
/// No value for no rows. Equal values are the same bits, so ties need no rule.
public struct Extreme<Value: Ranked & Equatable>: Aggregate {
  /// Which end.
  public let end: RankingEnd

  /// The value at `end`.
  public init(_ end: RankingEnd) { self.end = end }

  /// The best value so far, if any.
  public struct State: Sendable {
    var best: Value?
  }

  public var empty: State { State() }

  public func add(_ input: Value, to state: inout State) {
    guard let best = state.best, !end.prefers(input, to: best) else {
      state.best = input.normalized
      return
    }
  }

  public func add(_ inputs: Span<Value>, to state: inout State) {
    guard !inputs.isEmpty else { return }
    // An `if`, since a span inside the closure that `??` makes brings the optimiser down.
    var best = inputs[0]
    if let known = state.best { best = known }
    switch end {
    case .lowest:
      for index in inputs.indices where inputs[index].ranksBelow(best) { best = inputs[index] }
    case .highest:
      for index in inputs.indices where best.ranksBelow(inputs[index]) { best = inputs[index] }
    }
    state.best = best.normalized
  }

  public func merge(_ other: State, into state: inout State) {
    if let best = other.best { add(best, to: &state) }
  }

  public func value(of state: State) -> Value? { state.best }

  // version · 0, or 1 and the value
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(byte: state.best == nil ? 0 : 1)
    state.best?.write(to: &writer)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    guard try Bool.read(from: &reader) else { return State() }
    return State(best: try Value.read(from: &reader))
  }
}

extension Extreme.State: Equatable {
  public static func == (one: Self, other: Self) -> Bool {
    switch (one.best, other.best) {
    case (nil, nil): true
    case (let mine?, let theirs?): mine.isSame(as: theirs)
    default: false
    }
  }
}

extension Extreme where Value == Instant {
  /// The time since the last event, asked at `question`; never less than nothing.
  ///
  /// With `.highest`, of the times of events that had happened by then.
  public func age(of state: State, at question: AsOf) -> TimeLength? {
    guard let last = state.best else { return nil }
    let (length, isTooLong) = question.microseconds.subtractingReportingOverflow(last.microseconds)
    return TimeLength(microseconds: isTooLong ? .max : Swift.max(length, 0))
  }
}
