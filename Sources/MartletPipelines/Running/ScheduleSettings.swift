public import MartletColumns

/// How the schedules are kept by one process.
public struct ScheduleSettings: Sendable {
  /// How jobs are tried, and how many at once.
  public var policy = SchedulePolicy()

  /// For how long the lease is taken; it is renewed three times as often.
  public var lease = TimeLength(microseconds: 10_000_000)

  /// How often it is looked whether sources that are watched have new data.
  public var lookPause = TimeLength(microseconds: 10_000_000)

  /// How long the command of a hook may take.
  public var hookLimit = TimeLength(microseconds: 3_600_000_000)

  /// How many bytes all jobs together may take.
  public var memory = 1 << 30

  /// Whether another part of this process has the online store, and loads what is new by itself.
  public var isOnlineServed = false

  /// In whose name runs are recorded, and what others see of who keeps the schedules.
  public var author: String
  public var holder: String

  /// The standing settings of `author`, whose process others know as `holder`.
  public init(author: String, holder: String) {
    self.author = author
    self.holder = holder
  }
}
