public import MartletColumns

/// How jobs are tried, and how many at once.
public struct SchedulePolicy: Hashable, Sendable {
  /// How many jobs run at the same time at most.
  public var jobLimit = 2

  /// How often a tick is tried before it is given up.
  public var attemptLimit = 5

  /// The pause after the first failure; it doubles with each further one, up to the longest.
  public var firstPause = TimeLength(microseconds: 10_000_000)
  public var longestPause = TimeLength(microseconds: 600_000_000)

  /// How long to wait for another process that is at the same set.
  public var busyPause = TimeLength(microseconds: 2_000_000)

  /// How long a job may take; `nil` for as long as it likes.
  public var timeLimit: TimeLength?

  /// The standing policy.
  public init() {}
}

extension SchedulePolicy {
  /// How long to wait after so many failures: twice as long each time, and between half and one and a half
  /// of that, so that sets that failed together do not come back together.
  ///
  /// The part that looks like chance is a hash of what is tried, for the same answer every time.
  func pause(afterFailure number: Int, of set: String, due: Instant) -> Int64 {
    var pause = max(1, firstPause.microseconds)
    for _ in 1..<max(1, min(number, 64)) where pause < longestPause.microseconds {
      let (doubled, overflow) = pause.multipliedReportingOverflow(by: 2)
      pause = overflow ? longestPause.microseconds : doubled
    }
    pause = min(pause, longestPause.microseconds)
    var mixed = set.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    mixed ^= UInt64(bitPattern: due.microseconds) &+ UInt64(truncatingIfNeeded: number) << 56
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    let share = Double(mixed >> 40) / Double(1 << 24)
    return Int64(Double(pause) * (0.5 + share))
  }
}
