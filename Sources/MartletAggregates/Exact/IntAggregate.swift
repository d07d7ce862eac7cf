/// What is made of the exact total of integers.
public protocol IntAggregate: RemovableAggregate where Input == Int64, State == IntTotal {}

extension IntAggregate {
  public var empty: IntTotal { IntTotal() }

  public func add(_ input: Int64, to state: inout IntTotal) { state.add(input) }

  public func add(_ inputs: Span<Int64>, to state: inout IntTotal) { state.add(inputs) }

  public func remove(_ input: Int64, from state: inout IntTotal) { state.remove(input) }

  public func merge(_ other: IntTotal, into state: inout IntTotal) { state.merge(other) }

  public func subtract(_ other: IntTotal, from state: inout IntTotal) { state.subtract(other) }

  public func encode(_ state: IntTotal, into writer: inout StateWriter) {
    state.encode(into: &writer)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> IntTotal {
    try IntTotal(from: &reader)
  }
}

/// The exact sum of integers.
public struct IntSum: IntAggregate {
  /// Sums integers.
  public init() {}

  /// The sum; `nil` without rows, and where it does not fit 64 bits (see `overflows`).
  public func value(of state: IntTotal) -> Int64? {
    state.rows > 0 ? Int64(exactly: state.sum) : nil
  }

  /// Whether the sum is there and does not fit 64 bits, so that its value is null; reports count it.
  public func overflows(_ state: IntTotal) -> Bool { Int64(exactly: state.sum) == nil }
}

/// The average of integers, correctly rounded from the exact sum.
public struct IntAverage: IntAggregate {
  /// Averages integers.
  public init() {}

  public func value(of state: IntTotal) -> Double? {
    state.rows > 0 ? FixedPoint(state.sum).rounded(dividedBy: state.rows.number) : nil
  }
}
