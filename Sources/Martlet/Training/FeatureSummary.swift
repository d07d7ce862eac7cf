import MartletAggregates
public import MartletColumns
public import MartletEngine
public import MartletPlan

/// What the values of one feature look like, while they come stretch by stretch: the same in however many
/// they come.
public struct FeatureSummary: Sendable {
  private let name: String
  private var statuses: [ValueStatus: Int]
  private var least: Value?
  private var greatest: Value?
  private var valueCount = 0

  /// The sum of numbers, and how many flags are true.
  private var wholeSum: Int128 = 0
  private var sum = DoubleSum(.average).empty
  private var kind: Kind = .other

  /// The different values; `nil` of those that are no keys.
  private var values: DistinctTally? = DistinctTally()

  private enum Kind { case whole, double, other }

  /// No values of the feature called `name` yet.
  public init(_ name: String) {
    self.name = name
    statuses = Dictionary(uniqueKeysWithValues: ValueStatus.allCases.map { ($0, 0) })
  }

  /// Summaries of no values yet, of all outputs of `service`.
  public static func all(of service: ServicePlan) -> [FeatureSummary] {
    service.outputs.map { FeatureSummary($0.name) }
  }

  /// Adds what `answers` say to the summaries of all outputs.
  public static func add(_ answers: ServiceAnswers, to summaries: inout [FeatureSummary]) {
    for place in summaries.indices {
      summaries[place].add(answers.columns[place], answers.statuses[place])
    }
  }

  /// Adds the values of `column`, which have `statuses`.
  public mutating func add(_ column: Column, _ statuses: AnswerStatuses) {
    self.statuses.merge(statuses.counts()) { $0 + $1 }
    valueCount += column.count - column.countNulls()
    switch column.values {
    case .int(let numbers):
      kind = .whole
      add(numbers, column.validity) { .int($0) }
    case .time(let instants):
      add(instants, column.validity) { .time(Instant(microseconds: $0)) }
    case .double(let numbers):
      kind = .double
      add(numbers, column.validity)
    case .bool(let flags):
      kind = .whole
      flags.forEachPresent(column.validity) { flags in
        wholeSum += Int128(flags.reduce(0) { $0 &+ ($1 ? 1 : 0) })
      }
      addDistinct(column)
    default: addDistinct(column)
    }
  }

  private mutating func addDistinct(_ column: Column) {
    if values?.add(column) == false { values = nil }
  }

  private mutating func add(
    _ numbers: Buffer<Int64>, _ validity: Bitmap?, _ value: (Int64) -> Value
  ) {
    var (least, greatest) = (Int64.max, Int64.min)
    if let near = NearNumbers(numbers, validity) {
      near.forEach { number, count in
        least = min(least, number)
        greatest = number
        wholeSum += Int128(number) * Int128(count)
      }
      values?.add(near)
    } else {
      numbers.forEachPresent(validity) { numbers in
        numbers.widen(&least, &greatest)
        for number in numbers { wholeSum += Int128(number) }
        values?.add(numbers)
      }
    }
    if least <= greatest { widen(value(least), value(greatest)) }
  }

  private mutating func add(_ numbers: Buffer<Double>, _ validity: Bitmap?) {
    let average = DoubleSum(.average)
    // A NaN is neither the least nor the greatest; beside it the others have both.
    var (least, greatest) = (Double.infinity, -Double.infinity)
    numbers.forEachPresent(validity) { numbers in
      numbers.widen(&least, &greatest)
      let span = numbers.span
      average.add(span, to: &sum)
      values?.add(numbers)
    }
    if least <= greatest { widen(.double(least), .double(greatest)) }
  }

  private mutating func widen(_ least: Value, _ greatest: Value) {
    self.least = [self.least, least].compactMap { $0 }.min(by: Value.isLess)
    self.greatest = [self.greatest, greatest].compactMap { $0 }.max(by: Value.isLess)
  }

  /// What is to be said of all of them.
  public var statistics: FeatureStatistics {
    let mean: Double? =
      switch kind {
      case .other: nil
      case .whole: valueCount == 0 ? nil : Double(wholeSum) / Double(valueCount)
      case .double: DoubleSum(.average).value(of: sum)
      }
    return FeatureStatistics(
      name, statuses: statuses, least: least, greatest: greatest, mean: mean,
      distinct: values?.count)
  }
}

extension Value {
  /// Whether `one` is less than `other`, of numbers or of times.
  fileprivate static func isLess(_ one: Value, _ other: Value) -> Bool {
    switch (one, other) {
    case (.int(let one), .int(let other)): one < other
    case (.double(let one), .double(let other)): one < other
    case (.time(let one), .time(let other)): one < other
    default: false
    }
  }
}
