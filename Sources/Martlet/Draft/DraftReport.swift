public import MartletEngine

/// What a draft read, and what became of it.
public struct DraftReport: Sendable {
  /// For each set that was looked up, in that order.
  public internal(set) var sets: [SetReport] = []

  /// Values that could not be worked out when asked.
  public internal(set) var warnings = CalculationWarnings()

  /// How many rows agree with an earlier one in all keys of the service and in the time; `nil` where no
  /// set was asked by just these keys.
  public internal(set) var repeatCount: Int?

  /// The rows of one set.
  public struct SetReport: Sendable {
    /// The set, and its source.
    public var set: String
    public var source: String

    /// The files that were read.
    public var files: [String] = []

    /// What became of the rows.
    public var counts = RowCounts()

    /// How far those that were joined trail what they tell of.
    public var lag = KnownLag()

    /// How many rows an expectation dropped.
    public var dropped = 0

    /// How many rows were not as expected, by what was expected.
    public var failures: [(written: String, rows: Int)] = []

    /// Adds what became of other rows of the same set.
    mutating func merge(_ other: SetReport) {
      counts.merge(other.counts)
      lag.merge(other.lag)
      dropped += other.dropped
      for index in failures.indices { failures[index].rows += other.failures[index].rows }
    }
  }
}
