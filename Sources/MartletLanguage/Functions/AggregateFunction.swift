import MartletColumns

/// What can be asked of the rows of a window. Their meaning is kept one room further.
public enum AggregateFunction: String, CaseIterable, Hashable, Sendable {
  case count, sum, avg, min, max, variance, stddev, first, last
  case approxDistinct = "approx_distinct"
  case distinct
  case approxQuantile = "approx_quantile"
  case topK = "top_k"
  case histogram, any, all
  case timeSinceLast = "time_since_last"
  case decayedSum = "decayed_sum"
}

extension AggregateFunction {
  /// What it takes besides the value.
  enum Extra {
    case none, fraction, count, optionalCount, halfLife
  }

  var extra: Extra {
    switch self {
    case .approxQuantile: .fraction
    case .topK: .count
    case .first, .last: .optionalCount
    case .decayedSum: .halfLife
    default: .none
    }
  }

  /// Whether it takes a value, may take one, or counts rows as such.
  enum Operand { case none, optional, required }

  var operand: Operand {
    switch self {
    case .count: .optional
    case .timeSinceLast: .none
    default: .required
    }
  }

  /// The kinds of value it takes, for a sentence.
  var accepted: String {
    switch self {
    case .sum, .avg, .variance, .stddev, .approxQuantile, .decayedSum: "numbers"
    case .min, .max: "numbers, strings and times"
    case .any, .all: "bools"
    case .topK: "strings and ints"
    case .histogram: "strings"
    default: "single values"
    }
  }

  /// What it gives for values of type `type`, with `k` values asked for; `nil` where it takes none
  /// such.
  func result(of type: ColumnType, several: Bool) -> ColumnType? {
    switch (self, type) {
    case (.count, _), (.timeSinceLast, _): self == .count ? .int : .double
    case (.sum, .int): .int
    case (.sum, .double), (.decayedSum, .int), (.decayedSum, .double): .double
    case (.avg, .int), (.avg, .double), (.variance, .int), (.variance, .double): .double
    case (.stddev, .int), (.stddev, .double): .double
    case (.approxQuantile, .int), (.approxQuantile, .double): .double
    case (.min, .int), (.min, .double), (.min, .string), (.min, .time): type
    case (.max, .int), (.max, .double), (.max, .string), (.max, .time): type
    case (.any, .bool), (.all, .bool): .bool
    case (.topK, .string), (.topK, .int): .list(type)
    case (.histogram, .string): .string
    case (.first, .list), (.first, .vector), (.last, .list), (.last, .vector): several ? nil : type
    case (.first, _), (.last, _): several ? .list(type) : type
    case (.approxDistinct, .list), (.approxDistinct, .vector), (.distinct, .list),
      (.distinct, .vector):
      nil
    case (.approxDistinct, _), (.distinct, _): .int
    default: nil
    }
  }

  /// Whether an empty window gives 0 and not null.
  public var countsEmpty: Bool { [.count, .distinct, .approxDistinct].contains(self) }
}
