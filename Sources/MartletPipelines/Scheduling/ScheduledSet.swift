public import MartletColumns
public import MartletRegistry

/// A feature set that is kept up to date.
public struct ScheduledSet: Sendable {
  /// The set.
  public var name: String

  /// Where its rows come from; sets of one source are brought up to date in one pass.
  public var source: String

  /// When it is due; `nil` of a set without a schedule.
  public var ticks: Ticks?

  /// Up to when everything was done before.
  public var doneUpTo: Instant

  /// Why it is due whatever its schedule says.
  public var isOwed: TickRecord.Cause?

  /// Whether its last tick was given up, and nobody brought it up to date since.
  public var isFailing = false

  /// What was begun before and has not ended.
  public var unfinished: TickRecord?

  /// A set called `name` that reads `source`.
  public init(
    _ name: String, of source: String, ticks: Ticks?, doneUpTo: Instant,
    owing cause: TickRecord.Cause? = nil, unfinished: TickRecord? = nil
  ) {
    self.name = name
    self.source = source
    self.ticks = ticks
    self.doneUpTo = doneUpTo
    isOwed = cause
    self.unfinished = unfinished
  }
}

/// Sets of one source that are brought up to date together.
public struct ScheduledJob: Hashable, Sendable {
  /// 1, 2, 3 …
  public let number: Int

  /// Where the rows come from.
  public let source: String

  /// What is due, a record for each set.
  public let ticks: [TickRecord]

  /// When it was begun.
  public let startedAt: Instant
}

/// What became of a job.
public enum JobOutcome: Hashable, Sendable {
  /// The sets are up to date, by a run; `isNew` where it changed the data.
  case done(run: Int, isNew: Bool)

  /// It failed in a way that may pass, or in one that will not by itself.
  case failed(run: Int?, words: String, mayPass: Bool)

  /// Another process is at one of the sets.
  case busy

  /// Somebody asked for its end.
  case cancelled(run: Int?)

  /// This process is about to end; the next goes on.
  case interrupted
}
