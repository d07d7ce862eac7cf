import MartletAggregates
public import MartletColumns
public import MartletPlan

/// Where a row stands among those of a segment: its key, then its time.
public struct RowPosition: Comparable, Sendable {
  private let key: [Value]
  private let time: Int64

  /// The position of row `row` of `rows`, which are of `plan`.
  public init(_ rows: Batch, _ row: Int, _ plan: SetPlan) {
    key = rows.columns.prefix(plan.keys.count).map { $0[row] }
    guard case .time(let times) = rows.columns[plan.keys.count].values else {
      preconditionFailure("a row without a time")
    }
    time = times[row]
  }

  /// Whether it is a row of the same entity.
  public func isOfSameEntity(as other: RowPosition) -> Bool { key == other.key }

  public static func < (one: RowPosition, other: RowPosition) -> Bool {
    for (first, second) in zip(one.key, other.key) where first != second {
      return first.ranksBelow(second)
    }
    return one.time < other.time
  }
}

extension Value {
  /// Whether this key ranks below `other`, of the same type: numbers by size, texts by their bytes.
  fileprivate func ranksBelow(_ other: Value) -> Bool {
    switch (self, other) {
    case (.bool(let one), .bool(let two)): !one && two
    case (.int(let one), .int(let two)): one < two
    case (.double(let one), .double(let two)): one.ranksBelow(two)
    case (.string(let one), .string(let two)): one.utf8.lexicographicallyPrecedes(two.utf8)
    case (.bytes(let one), .bytes(let two)): one.lexicographicallyPrecedes(two)
    case (.time(let one), .time(let two)): one.microseconds < two.microseconds
    default: false
    }
  }
}

extension Batch {
  /// How many of these rows, which lie as a segment's do, stand at `position` or before it.
  public func count(upTo position: RowPosition, _ plan: SetPlan) -> Int {
    var (low, high) = (0, rowCount)
    while low < high {
      let middle = (low + high) / 2
      if RowPosition(self, middle, plan) <= position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
