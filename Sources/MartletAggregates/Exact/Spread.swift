/// What is asked about how far numbers lie apart.
public enum Spread: Sendable {
  /// The variance of a sample, as SQL's `variance`: divided by one less than the rows.
  case variance
  /// Its square root, within one unit in the last place of the true one.
  case standardDeviation

  func value(of moments: Moments) -> Double? {
    switch self {
    case .variance: moments.variance
    case .standardDeviation: moments.standardDeviation
    }
  }
}

/// How far doubles lie apart; see `Spread`.
public typealias DoubleSpread = SpreadOf<Double>

/// How far integers lie apart; see `Spread`.
public typealias IntSpread = SpreadOf<Int64>

/// How far numbers lie apart; see `Spread`.
public struct SpreadOf<Input: Measurable>: RemovableAggregate {
  /// What is asked.
  public let question: Spread

  /// Answers `question`.
  public init(_ question: Spread) { self.question = question }

  public var empty: Moments { Moments() }

  public func add(_ input: Input, to state: inout Moments) { input.add(to: &state) }

  public func remove(_ input: Input, from state: inout Moments) { input.remove(from: &state) }

  public func merge(_ other: Moments, into state: inout Moments) { state.merge(other) }

  public func subtract(_ other: Moments, from state: inout Moments) { state.subtract(other) }

  public func value(of state: Moments) -> Double? { question.value(of: state) }

  public func encode(_ state: Moments, into writer: inout StateWriter) {
    state.encode(into: &writer)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> Moments {
    try Moments(from: &reader)
  }
}

/// A number whose square can be kept exactly.
public protocol Measurable: Sendable {
  /// Adds the number and its square.
  func add(to moments: inout Moments)

  /// Takes out the number and its square.
  func remove(from moments: inout Moments)
}

extension Double: Measurable {
  public func add(to moments: inout Moments) { moments.add(self) }

  public func remove(from moments: inout Moments) { moments.remove(self) }
}

extension Int64: Measurable {
  public func add(to moments: inout Moments) { moments.add(self) }

  public func remove(from moments: inout Moments) { moments.remove(self) }
}
