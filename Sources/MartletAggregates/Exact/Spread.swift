/// What is asked about how far numbers lie apart.
public enum Spread: Sendable {
  /// The variance of a sample, as SQL's `variance`: divided by one less than the rows.
  case variance
  /// Its square root, rounded once more: within one unit in the last place of the true root.
  case standardDeviation

  func value(of moments: Moments) -> Double? {
    guard let variance = moments.variance else { return nil }
    return switch self {
    case .variance: variance
    case .standardDeviation: variance.squareRoot()
    }
  }
}

/// How far doubles lie apart; see `Spread`.
public struct DoubleSpread: RemovableAggregate {
  /// What is asked.
  public let question: Spread

  /// Answers `question`.
  public init(_ question: Spread) { self.question = question }

  public var empty: Moments { Moments() }

  public func add(_ input: Double, to state: inout Moments) { state.add(input) }

  public func remove(_ input: Double, from state: inout Moments) { state.remove(input) }

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

/// How far integers lie apart; see `Spread`.
public struct IntSpread: RemovableAggregate {
  /// What is asked.
  public let question: Spread

  /// Answers `question`.
  public init(_ question: Spread) { self.question = question }

  public var empty: Moments { Moments() }

  public func add(_ input: Int64, to state: inout Moments) { state.add(input) }

  public func remove(_ input: Int64, from state: inout Moments) { state.remove(input) }

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
