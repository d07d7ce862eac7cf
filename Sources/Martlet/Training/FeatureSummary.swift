import MartletAggregates
public import MartletColumns
public import MartletEngine
public import MartletPlan
import Synchronization

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
  private var values = DistinctValues.none

  private enum Kind { case whole, double, other }

  /// More different values than this are not counted: to know them takes room for each.
  public static let mostDistinct = 1_000_000

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
  ///
  /// - Parameter forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as
  ///   there are.
  public static func add(
    _ answers: ServiceAnswers, to summaries: inout [FeatureSummary],
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) {
    let all = summaries
    let found = Mutex(all)
    forEach(all.count) { place in
      var summary = all[place]
      summary.add(answers.columns[place], answers.statuses[place])
      let added = summary
      found.withLock { $0[place] = added }
    }
    summaries = found.withLock { $0 }
  }

  /// What is to be said of `summaries`, whose different values are counted now.
  ///
  /// - Parameter forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as
  ///   there are.
  public static func statistics(
    of summaries: [FeatureSummary],
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) -> [FeatureStatistics] {
    let found = Mutex([FeatureStatistics?](repeating: nil, count: summaries.count))
    forEach(summaries.count) { place in
      let statistics = summaries[place].statistics
      found.withLock { $0[place] = statistics }
    }
    return found.withLock { $0.compactMap { $0 } }
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
    values.add(column)
  }

  /// What is to be said of all of them.
  public var statistics: FeatureStatistics {
    let mean: Double? =
      switch kind {
      case .other: nil
      case .whole: valueCount == 0 ? nil : Double(wholeSum) / Double(valueCount)
      case .double: DoubleSum(.average).value(of: sum)
      }
    let distinct = values.count
    return FeatureStatistics(
      name, statuses: statuses, least: least, greatest: greatest, mean: mean,
      distinct: distinct.flatMap { $0 > Self.mostDistinct ? nil : $0 })
  }
}

/// The different values of some columns, as far as they are to be counted.
private enum DistinctValues: Sendable {
  case none

  /// One column, counted at the end, which is quicker.
  case one(Column)
  case several(SeenValues)
  case tooMany

  mutating func add(_ column: Column) {
    guard column.type.canBeKey else {
      self = .tooMany
      return
    }
    switch self {
    case .none: self = .one(column)
    case .one(let first):
      let seen = SeenValues(first.type)
      self = .several(seen)
      if !seen.add(first) || !seen.add(column) { self = .tooMany }
    case .several(let seen): if !seen.add(column) { self = .tooMany }
    case .tooMany: break
    }
  }

  /// How many there are; `nil` where they were not counted.
  var count: Int? {
    switch self {
    case .none: 0
    case .one(let column): column.countDistinct()
    case .several(let seen): seen.count
    case .tooMany: nil
    }
  }
}

/// Values that were met.
///
/// `@unchecked Sendable`: a summary has one, and who adds to a summary is alone with it.
private final class SeenValues: @unchecked Sendable {
  private var grouper: Grouper
  private var hasNull = false

  init(_ type: ColumnType) { grouper = Grouper([type]) }

  var count: Int { grouper.count - (hasNull ? 1 : 0) }

  /// Adds the values of `column`; says `false` once there are too many.
  func add(_ column: Column) -> Bool {
    let step = 1 << 18
    for start in stride(from: 0, to: column.count, by: step) {
      guard count <= FeatureSummary.mostDistinct else { return false }
      let part = column.slice(start..<min(start + step, column.count))
      hasNull = hasNull || part.countNulls() > 0
      _ = grouper.groups(of: [part])
    }
    return true
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
      // A NaN is neither: beside it the others still have a least and a greatest.
      var (least, greatest) = (Double.infinity, -Double.infinity)
      var isAny = false
      numbers.withUnsafeBufferPointer { numbers in
        forEachStretch { rows in
          for row in rows where !numbers[row].isNaN {
            isAny = true
            least = Swift.min(least, numbers[row])
            greatest = Swift.max(greatest, numbers[row])
          }
        }
      }
      return isAny ? (.double(least), .double(greatest)) : (nil, nil)
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
