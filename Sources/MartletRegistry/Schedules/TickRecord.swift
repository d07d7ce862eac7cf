public import MartletColumns

/// One or several ticks of a feature set's schedule that were due together, and what became of them.
///
///     ticks     ─┼────┼────┼────┼─────┼──
///     records    [done][failed ][done ]        downtime: one record for all ticks of it
///
/// The records of a set follow each other without a gap and without overlap, which is what "no tick lost,
/// none doubled" means.
public struct TickRecord: Hashable, Sendable {
  /// The set.
  public var set: String

  /// The last of the ticks, and the first.
  public var due: Instant
  public var since: Instant

  /// Why the set is to be brought up to date.
  public var cause: Cause

  /// How far it got.
  public var state: State

  /// How often it was tried in vain.
  public var failures = 0

  /// When it is tried next.
  public var notBefore: Instant

  /// The run that did it.
  public var run: Int?

  /// When it was done or given up.
  public var endedAt: Instant?

  /// What went wrong last.
  public var words = ""

  /// Why a set is to be brought up to date. The raw values are written to disk and never change.
  public enum Cause: String, CaseIterable, Hashable, Sendable {
    case schedule
    case newData = "new-data"

    /// It never was.
    case first

    /// It is defined otherwise than what is stored.
    case layout
  }

  /// How far it got. The raw values are written to disk and never change.
  public enum State: String, CaseIterable, Hashable, Sendable {
    case waiting, running, done, failed
  }

  /// Ticks of `set` from `since` to `due`.
  public init(set: String, due: Instant, since: Instant, cause: Cause) {
    self.set = set
    self.due = due
    self.since = since
    self.cause = cause
    state = .waiting
    notBefore = due
  }
}
