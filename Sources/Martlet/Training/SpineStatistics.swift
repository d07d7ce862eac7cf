public import MartletColumns

/// What the rows of a spine ask, and which of them can have no answer.
public struct SpineStatistics: Sendable, Equatable {
  /// How many rows there are.
  public let rowCount: Int

  /// How many have a null in a key, and in the time: their features are missing.
  public let nullKeyCount: Int
  public let nullTimeCount: Int

  /// How many agree with an earlier row in all keys and the time.
  public let duplicateCount: Int

  /// How many ask about a moment after the training set was built.
  public let futureCount: Int

  /// The first and the last moment that is asked about.
  public let earliest: Instant?
  public let latest: Instant?

  /// Looks at the rows of `keys` and `times`, in a training set that is built at `now`.
  public init(keys: [Column], times: Column, now: Instant) {
    rowCount = times.count
    nullKeyCount = (0..<times.count).count { row in keys.contains { $0.isNull(at: row) } }
    nullTimeCount = times.countNulls()
    var groups = Grouper((keys + [times]).map(\.type))
    _ = groups.groups(of: keys + [times])
    duplicateCount = times.count - groups.count
    guard case .time(let moments) = times.values else {
      preconditionFailure("times of \(times.type)")
    }
    let asked = (0..<times.count).lazy.filter { !times.isNull(at: $0) }.map { moments[$0] }
    futureCount = asked.count { $0 > now.microseconds }
    earliest = asked.min().map { Instant(microseconds: $0) }
    latest = asked.max().map { Instant(microseconds: $0) }
  }
}
