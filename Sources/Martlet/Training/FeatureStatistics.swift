public import MartletAggregates
public import MartletColumns
public import MartletEngine

/// What the values of one feature in a training set look like.
public struct FeatureStatistics: Sendable, Equatable {
  /// The feature's column.
  public let name: String

  /// How many values have each status.
  public let statuses: [ValueStatus: Int]

  /// The least and the greatest value, of numbers and times; `nil` where there is none.
  public let least: Value?
  public let greatest: Value?

  /// The mean of numbers, as near to the true one as a double is; of flags, the share that is true.
  public let mean: Double?

  /// How many different values there are; `nil` of lists and vectors.
  public let distinct: DistinctCount?

  /// Looks at the values of `column`, which have `statuses`.
  public init(_ name: String, _ column: Column, statuses: AnswerStatuses) {
    var summary = FeatureSummary(name)
    summary.add(column, statuses)
    self = summary.statistics
  }

  init(
    _ name: String, statuses: [ValueStatus: Int], least: Value?, greatest: Value?, mean: Double?,
    distinct: DistinctCount?
  ) {
    self.name = name
    self.statuses = statuses
    self.least = least
    self.greatest = greatest
    self.mean = mean
    self.distinct = distinct
  }
}
