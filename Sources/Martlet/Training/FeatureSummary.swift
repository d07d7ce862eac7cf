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
    let (least, greatest) = column.extremes
    self.least = [self.least, least].compactMap { $0 }.min(by: Value.isLess)
    self.greatest = [self.greatest, greatest].compactMap { $0 }.max(by: Value.isLess)
    valueCount += column.count - column.countNulls()
    switch column.values {
    case .int(let numbers):
      kind = .whole
      wholeSum += column.sum(numbers)
    case .bool(let flags):
      kind = .whole
      wholeSum += Int128(column.countTrue(flags))
    case .double(let numbers):
      kind = .double
      column.add(numbers, to: &sum)
    default: break
    }
    if values?.add(column) == false { values = nil }
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

extension Column {
  /// Calls `body` with each stretch of rows without nulls.
  private func forEachStretch(_ body: (Range<Int>) -> Void) {
    guard let validity else { return count > 0 ? body(0..<count) : () }
    validity.forEachRun(body)
  }

  fileprivate var extremes: (least: Value?, greatest: Value?) {
    switch values {
    case .int(let numbers):
      let (least, greatest) = extremes(numbers)
      return (least.map { .int($0) }, greatest.map { .int($0) })
    case .time(let instants):
      let (least, greatest) = extremes(instants)
      return (
        least.map { .time(Instant(microseconds: $0)) },
        greatest.map { .time(Instant(microseconds: $0)) }
      )
    case .double(let numbers):
      // A NaN is neither: beside it the others still have a least and a greatest, since it compares
      // as less than none of them.
      var (least, greatest) = (Double.infinity, -Double.infinity)
      numbers.withUnsafeBufferPointer { numbers in
        forEachStretch { rows in
          for row in rows {
            let number = numbers[row]
            least = number < least ? number : least
            greatest = number > greatest ? number : greatest
          }
        }
      }
      return least <= greatest ? (.double(least), .double(greatest)) : (nil, nil)
    default: return (nil, nil)
    }
  }

  private func extremes(_ numbers: Buffer<Int64>) -> (least: Int64?, greatest: Int64?) {
    var (least, greatest) = (Int64.max, Int64.min)
    numbers.withUnsafeBufferPointer { numbers in
      forEachStretch { rows in
        for row in rows {
          least = Swift.min(least, numbers[row])
          greatest = Swift.max(greatest, numbers[row])
        }
      }
    }
    return least <= greatest ? (least, greatest) : (nil, nil)
  }

  fileprivate func sum(_ numbers: Buffer<Int64>) -> Int128 {
    var sum: Int128 = 0
    numbers.withUnsafeBufferPointer { numbers in
      forEachStretch { rows in for row in rows { sum += Int128(numbers[row]) } }
    }
    return sum
  }

  fileprivate func countTrue(_ flags: Buffer<Bool>) -> Int {
    var count = 0
    forEachStretch { rows in for row in rows where flags[row] { count += 1 } }
    return count
  }

  fileprivate func add(_ numbers: Buffer<Double>, to sum: inout DoubleSum.State) {
    let average = DoubleSum(.average)
    forEachStretch { rows in
      let stretch = numbers.slice(rows)
      average.add(stretch.span, to: &sum)
    }
  }
}
