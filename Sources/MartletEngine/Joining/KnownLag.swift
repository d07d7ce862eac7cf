import MartletAggregates
public import MartletColumns

/// How far some rows trail what they tell of: when they became known, measured from when it happened.
///
///     happened   a b c
///     known      a     b c      two of three later, the latest by three
public struct KnownLag: Sendable, Equatable {
  /// How many rows say when they became known.
  public private(set) var rowCount = 0

  /// How many of them became known later than they happened.
  public private(set) var lateCount = 0

  /// The longest that one was late.
  public private(set) var longest = TimeLength(microseconds: 0)

  /// No rows.
  public init() {}

  init(_ times: RowTimes) {
    guard let known = times.known else { return }
    rowCount = known.count
    var (late, longest) = (0, Int64(0))
    known.withUnsafeBufferPointer { known in
      times.events.withUnsafeBufferPointer { events in
        for row in known.indices {
          late &+= known[row] > events[row] ? 1 : 0
          let (lag, isTooLong) = known[row].subtractingReportingOverflow(events[row])
          longest = max(longest, isTooLong ? (known[row] > 0 ? .max : 0) : lag)
        }
      }
    }
    lateCount = late
    self.longest = TimeLength(microseconds: longest)
  }

  /// Takes in other rows.
  public mutating func merge(_ other: KnownLag) {
    rowCount += other.rowCount
    lateCount += other.lateCount
    longest = max(longest, other.longest)
  }
}
