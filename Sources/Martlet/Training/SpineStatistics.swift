public import MartletColumns
import MartletEngine

/// What the rows of a spine ask, and which of them can have no answer.
public struct SpineStatistics: Sendable, Equatable {
  /// How many rows there are.
  public private(set) var rowCount: Int

  /// How many have a null in a key, and in the time: their features are missing.
  public private(set) var nullKeyCount: Int
  public private(set) var nullTimeCount: Int

  /// How many agree with an earlier row in all keys and the time, none of which is null; `nil` where the
  /// spine is larger than memory.
  public private(set) var duplicateCount: Int?

  /// How many ask about a moment after the training set was built.
  public private(set) var futureCount: Int

  /// The first and the last moment that is asked about.
  public private(set) var earliest: Instant?
  public private(set) var latest: Instant?

  /// Looks at the rows of `keys` and `times`, in a training set that is built at `now`.
  ///
  /// - Parameter duplicateCount: How many agree with an earlier row, where that is known.
  public init(keys: [Column], times: Column, now: Instant, duplicateCount: Int? = nil) {
    rowCount = times.count
    let hasNull = keys.contains { $0.validity != nil }
    nullKeyCount =
      hasNull ? (0..<times.count).count { row in keys.contains { $0.isNull(at: row) } } : 0
    nullTimeCount = times.countNulls()
    // A service that asks about nobody has no keys; its rows agree where their times do.
    let nobody = Column(.int(Buffer(repeating: 0, count: times.count)))
    self.duplicateCount =
      duplicateCount
      ?? Questions(keys: keys.isEmpty ? [nobody] : keys, times: times).repeatCount
    guard case .time(let moments) = times.values else {
      preconditionFailure("times of \(times.type)")
    }
    var (earliest, latest, future) = (Int64.max, Int64.min, 0)
    let filled = times.validity
    moments.withUnsafeBufferPointer { moments in
      for row in moments.indices where filled?[row] ?? true {
        earliest = min(earliest, moments[row])
        latest = max(latest, moments[row])
        future += moments[row] > now.microseconds ? 1 : 0
      }
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
}
