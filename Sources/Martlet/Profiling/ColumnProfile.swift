import MartletAggregates
public import MartletColumns
public import MartletDiagnostics

/// What the values of one column look like.
///
/// Counts, bounds, the mean and about how many values differ are of all values that were added; quantiles and
/// the most frequent values are of a part of them once they are many, every second, every fourth … of them.
public struct ColumnProfile: Sendable {
  /// The column.
  public let name: String

  /// How many values there are, nulls among them.
  public private(set) var count = 0
  public private(set) var nullCount = 0

  /// The least and the greatest value of numbers, times and texts.
  public private(set) var least: Value?
  public private(set) var greatest: Value?

  private var sum: Int128 = 0
  private var average = DoubleSum(.average).empty
  private var seen = ApproxDistinct<Int64>().empty
  private var part: [Value] = []
  private var stride = 1
  private var isNumber = false

  /// How many values are looked at one by one.
  private static let partLimit = 1 << 16

  /// The profile of no values of the column called `name`.
  public init(_ name: String) { self.name = name }

  /// Adds the values of `column`.
  public mutating func add(_ column: Column) {
    for row in 0..<column.count {
      defer { count += 1 }
      if column.isNull(at: row) {
        nullCount += 1
        continue
      }
      let value = column[row]
      add(value)
      guard count % stride == 0 else { continue }
      part.append(value)
      if part.count > Self.partLimit {
        part = part.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        stride *= 2
      }
    }
  }

  private mutating func add(_ value: Value) {
    if let hash = value.stableHash { ApproxDistinct<Int64>().add(hash: hash, to: &seen) }
    switch value {
    case .int(let number):
      isNumber = true
      sum += Int128(number)
    case .double(let number):
      isNumber = true
      DoubleSum(.average).add(number, to: &average)
    default: break
    }
    guard value.isOrdered else { return }
    if least.map({ value.precedes($0) }) ?? true { least = value }
    if greatest.map({ $0.precedes(value) }) ?? true { greatest = value }
  }

  /// About how many values differ; never more than there are.
  public var distinct: Int {
    min(count - nullCount, Int(clamping: ApproxDistinct<Int64>().value(of: seen) ?? 0))
  }

  /// The mean of numbers.
  public var mean: Double? {
    guard isNumber, count > nullCount else { return nil }
    if case .int? = least { return Double(sum) / Double(count - nullCount) }
    return DoubleSum(.average).value(of: average)
  }

  /// The values below which a twentieth, a quarter, half, three quarters and nineteen twentieths lie.
  public var quantiles: [(share: Double, value: Value)] {
    let sorted = part.filter { $0.isOrdered && !$0.isText }.sorted { $0.precedes($1) }
    guard !sorted.isEmpty else { return [] }
    return [0.05, 0.25, 0.5, 0.75, 0.95].map { share in
      (share, sorted[Int(share * Double(sorted.count - 1))])
    }
  }

  /// The most frequent values, each with its share of those that are not null.
  public var top: [(value: Value, share: Double)] {
    var counts: [Value: Int] = [:]
    for value in part { counts[value, default: 0] += 1 }
    // Few are wanted of many, most of which occur once: no sorting of all.
    var most: [(value: Value, count: Int)] = []
    for candidate in counts {
      let (value, count) = (candidate.key, candidate.value)
      let place = most.firstIndex {
        $0.count != count ? $0.count < count : value.isShown(before: $0.value)
      }
      if let place {
        most.insert((value, count), at: place)
      } else if most.count < 5 {
        most.append((value, count))
      }
      if most.count > 5 { most.removeLast() }
    }
    return most.map { ($0.value, Double($0.count) / Double(part.count)) }
  }

  /// The profile as the registry keeps it.
  public var facts: [JSON.Member] {
    let mean: JSON = mean.map { .number($0) } ?? nil
    let top = top.map { value, share -> JSON in ["value": value.json, "share": .double(share)] }
    return [
      JSON.Member("count", .count(count)), JSON.Member("nulls", .count(nullCount)),
      JSON.Member("distinct", .count(distinct)), JSON.Member("min", least?.json ?? nil),
      JSON.Member("max", greatest?.json ?? nil), JSON.Member("mean", mean),
      JSON.Member(
        "quantiles", .object(quantiles.map { JSON.Member("\($0.share)", $0.value.json) })),
      JSON.Member("top", .array(top)),
    ]
  }
}

extension Value {
  fileprivate var isText: Bool { if case .string = self { true } else { false } }

  /// Whether it lies between others: NaN does not.
  fileprivate var isOrdered: Bool {
    switch self {
    case .int, .time, .string: true
    case .double(let number): !number.isNaN
    default: false
    }
  }

  /// Whether it stands before `other` where both are as frequent, in an order that every process has.
  fileprivate func isShown(before other: Value) -> Bool {
    if precedes(other) { return true }
    return !other.precedes(self) && shown < other.shown
  }

  fileprivate func precedes(_ other: Value) -> Bool {
    switch (self, other) {
    case (.int(let one), .int(let other)): one < other
    case (.double(let one), .double(let other)): one < other
    case (.time(let one), .time(let other)): one < other
    case (.string(let one), .string(let other)): one < other
    default: false
    }
  }

  /// A hash that is the same in every process; `nil` of what is no key.
  var stableHash: UInt64? {
    switch self {
    case .null, .list, .vector: nil
    case .bool(let flag): flag.stableHash
    case .int(let number): number.stableHash
    case .double(let number): number.stableHash
    case .string(let text): text.stableHash
    case .time(let instant): instant.stableHash
    case .bytes(let bytes): bytes.stableHash
    }
  }
}
