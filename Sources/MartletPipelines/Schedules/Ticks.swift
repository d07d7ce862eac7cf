public import MartletColumns
public import MartletLanguage

/// The moments at which a schedule asks for a run; a value, which reads no clock.
///
///     every 15m   ──┼────┼────┼────┼──   counted from the beginning of 1970, UTC
///     cron          ─────┼─────────┼──   by the clocks of its zone
///
/// Ticks stand still, whoever asks and whenever a run was: of two processes that keep a schedule both
/// mean the same moments, which is how a tick is run once.
public struct Ticks: Hashable, Sendable {
  private enum Rule: Hashable, Sendable {
    case every(Int64)
    case cron(CronLine, ZoneRules)
  }

  private let rule: Rule

  /// The ticks of `every length`; `nil` of a length that is none.
  public init?(every length: TimeLength) {
    guard length.microseconds > 0 else { return nil }
    rule = .every(length.microseconds)
  }

  /// The ticks of a line of cron on the clocks of `zone`.
  public init(_ line: CronLine, in zone: ZoneRules) { rule = .cron(line, zone) }

  /// The ticks of `schedule`, where `rules` knows its zone; `nil` where it has none.
  public init?<Failure>(
    _ schedule: Schedule, rules: (String) throws(Failure) -> ZoneRules
  ) throws(Failure) {
    switch schedule {
    case .every(let length): self.init(every: length)
    case .cron(let text, let zone):
      guard let line = CronLine(text) else { return nil }
      guard let zone else {
        self.init(line, in: .utc)
        return
      }
      self.init(line, in: try rules(zone))
    }
  }

  /// The first tick after `moment`; `nil` where time ends before.
  public func first(after moment: Instant) -> Instant? {
    switch rule {
    case .every(let length):
      let remainder = moment.microseconds % length
      let since = remainder < 0 ? remainder + length : remainder
      let (next, overflow) = moment.microseconds.addingReportingOverflow(length - since)
      return overflow ? nil : Instant(microseconds: next)
    case .cron(let line, let zone):
      return line.tick(after: moment.microseconds, in: zone).map { Instant(microseconds: $0) }
    }
  }

  /// The last tick after `start` and up to `end`; `nil` where there is none.
  public func last(after start: Instant, upTo end: Instant) -> Instant? {
    // Looked for in stretches that end at `end` and grow, so that a long downtime costs little.
    var stretch: Int64 = 60_000_000
    while true {
      let (from, overflow) = end.microseconds.subtractingReportingOverflow(stretch)
      let isWhole = overflow || from <= start.microseconds
      let begin = isWhole ? start : Instant(microseconds: from)
      if var last = first(after: begin), last <= end {
        while let next = first(after: last), next <= end { last = next }
        return last
      }
      if isWhole { return nil }
      stretch = stretch.multipliedReportingOverflow(by: 4).overflow ? .max : stretch * 4
    }
  }
}
