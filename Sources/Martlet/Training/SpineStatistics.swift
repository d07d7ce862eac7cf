public import MartletColumns

/// What the rows of a spine ask, and which of them can have no answer.
public struct SpineStatistics: Sendable, Equatable {
  /// How many rows there are.
  public private(set) var rowCount: Int

  /// How many have a null in a key, and in the time: their features are missing.
  public private(set) var nullKeyCount: Int
  public private(set) var nullTimeCount: Int

  /// How many agree with an earlier row in all keys and the time; `nil` where the spine is larger than
  /// memory.
  public private(set) var duplicateCount: Int?

  /// How many ask about a moment after the training set was built.
  public private(set) var futureCount: Int

  /// The first and the last moment that is asked about.
  public private(set) var earliest: Instant?
  public private(set) var latest: Instant?

  /// Looks at the rows of `keys` and `times`, in a training set that is built at `now`.
  public init(keys: [Column], times: Column, now: Instant) {
    rowCount = times.count
    nullKeyCount = (0..<times.count).count { row in keys.contains { $0.isNull(at: row) } }
    nullTimeCount = times.countNulls()
    duplicateCount = Self.duplicates(keys, times)
    guard case .time(let moments) = times.values else {
      preconditionFailure("times of \(times.type)")
    }
    var (earliest, latest, future) = (Int64.max, Int64.min, 0)
    for row in 0..<times.count where !times.isNull(at: row) {
      earliest = min(earliest, moments[row])
      latest = max(latest, moments[row])
      future += moments[row] > now.microseconds ? 1 : 0
    }
    futureCount = future
    self.earliest = earliest > latest ? nil : Instant(microseconds: earliest)
    self.latest = earliest > latest ? nil : Instant(microseconds: latest)
  }

  /// Takes in the rows of another stretch of the spine.
  public mutating func merge(_ other: SpineStatistics) {
    rowCount += other.rowCount
    nullKeyCount += other.nullKeyCount
    nullTimeCount += other.nullTimeCount
    futureCount += other.futureCount
    duplicateCount = nil
    earliest = [earliest, other.earliest].compactMap { $0 }.min()
    latest = [latest, other.latest].compactMap { $0 }.max()
  }

  private static func duplicates(_ keys: [Column], _ times: Column) -> Int {
    guard keys.count == 1, case .int(let words) = keys[0].values, keys[0].validity == nil,
      case .time(let moments) = times.values, times.validity == nil
    else {
      var groups = Grouper((keys + [times]).map(\.type))
      _ = groups.groups(of: keys + [times])
      return times.count - groups.count
    }
    // Two words sort faster than they are looked up.
    let order = RowOrder.by(key: words.span, thenTime: moments.span)
    var count = 0
    for index in 1..<max(order.count, 1) {
      let (one, other) = (Int(order[index - 1]), Int(order[index]))
      if words[one] == words[other], moments[one] == moments[other] { count += 1 }
    }
    return count
  }
}
