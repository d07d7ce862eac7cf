/// A line of cron: the wall times at which something is to run.
///
///     ┌───────── minute, 0 to 59
///     │ ┌─────── hour, 0 to 23
///     │ │ ┌───── day of the month, 1 to 31
///     │ │ │ ┌─── month, 1 to 12
///     │ │ │ │ ┌─ day of the week, 0 to 7: 0 and 7 are Sunday
///     0 3 * * *
///
/// Each field is `*`, `5`, `1-5` or several with commas, each with `/step`. Where both days are
/// restricted, either will do, as in every cron since Vixie's; where one begins with `*`, both must.
public struct CronLine: Hashable, Sendable {
  /// What each field admits, a bit for each number.
  private let minutes, hours, days, months, weekdays: UInt64

  /// Whether a day that one of the two fields admits is enough.
  private let eitherDay: Bool

  /// Reads a line, or gives `nil` where it is none or no day is ever as it says.
  public init?(_ line: String) {
    let fields = line.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count == 5, line.utf8.count < 256 else { return nil }
    guard let minutes = Self.bits(fields[0], in: 0...59),
      let hours = Self.bits(fields[1], in: 0...23), let days = Self.bits(fields[2], in: 1...31),
      let months = Self.bits(fields[3], in: 1...12),
      let weekdays = Self.bits(fields[4], in: 0...7)
    else { return nil }
    self.minutes = minutes
    self.hours = hours
    self.days = days
    self.months = months
    self.weekdays = weekdays | (weekdays >> 7 & 1)
    eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
    guard eitherDay || Self.isPossible(days, months) else { return nil }
  }

  /// Whether some month is as long as the first of `days`.
  private static func isPossible(_ days: UInt64, _ months: UInt64) -> Bool {
    (1...12).contains {
      months >> UInt64($0) & 1 == 1
        && days.trailingZeroBitCount <= CivilDate.daysInMonth($0, of: 2_000)
    }
  }

  /// Whether it names every hour, and so speaks of how often rather than of when.
  private var isOfEveryHour: Bool { hours == (1 << 24) - 1 }
}

// MARK: Ticks

extension CronLine {
  /// The first moment after `microseconds` at which it is due on the clocks of `zone`; `nil` where time
  /// ends before.
  ///
  /// What becomes of the hour that clocks skip or repeat depends on what the line means. One that names
  /// hours (`30 2 * * *`) is due once a day: where clocks are put forward over that time, at the moment
  /// they are; where they show it twice, the first time. One of every hour (`*/15 * * * *`) is due
  /// whenever the clocks show such a minute, and so as often as ever.
  public func tick(after microseconds: Int64, in zone: ZoneRules) -> Int64? {
    isOfEveryHour ? tickShown(after: microseconds, zone) : tickOfDay(after: microseconds, zone)
  }

  private static let minute: Int128 = 60_000_000
  private static let day = Int128(Int64.day)

  /// The first of the moments when clocks first show, or pass over, a time that is meant.
  ///
  /// Such moments come in the order of their times, so that all times up to what the clocks show now are
  /// over.
  private func tickOfDay(after microseconds: Int64, _ zone: ZoneRules) -> Int64? {
    let now = zone.wall(at: microseconds)
    let today = floorDivide(now, by: Self.day)
    var first = Int(floorRemainder(now, by: Self.day) / Self.minute) + 1
    for ahead in 0...Self.daysOfCalendar {
      let date = today + Int128(ahead)
      if admits(day: Int(date)) {
        for hour in first / 60..<24 where hours >> UInt64(hour) & 1 == 1 {
          for minute in 0..<60
          where minutes >> UInt64(minute) & 1 == 1 && hour * 60 + minute >= first {
            let wall = date * Self.day + Int128(hour * 60 + minute) * Self.minute
            guard let tick = zone.instant(ofWall: wall) else { return nil }
            if tick > microseconds { return tick }
          }
        }
      }
      first = 0
    }
    return nil
  }

  /// After so many days the calendar begins anew, weekdays too.
  private static let daysOfCalendar = 146_097

  /// The first moment at which clocks show a minute that is meant.
  private func tickShown(after microseconds: Int64, _ zone: ZoneRules) -> Int64? {
    var now = microseconds
    while true {
      let wall = zone.wall(at: now)
      let ofDay = Int(floorRemainder(wall, by: Self.day) / Self.minute)
      let isDay = admits(day: Int(floorDivide(wall, by: Self.day)))
      if now > microseconds, isDay, minutes >> UInt64(ofDay % 60) & 1 == 1,
        floorRemainder(wall, by: Self.minute) == 0
      {
        return now
      }
      // Clocks change at whole hours but for those beside midnight, where they may even go back to the
      // day before: other hours are passed over whole, or up to the next minute that is meant.
      var step = Self.minute
      if 1...22 ~= ofDay / 60 {
        let later = isDay ? minutes >> UInt64(ofDay % 60 + 1) : 0
        let ahead = later == 0 ? 60 - ofDay % 60 : later.trailingZeroBitCount + 1
        step *= Int128(ahead)
      }
      step -= floorRemainder(wall, by: Self.minute)
      let (next, overflow) = now.addingReportingOverflow(Int64(step))
      if overflow { return nil }
      now = next
    }
  }

  private func admits(day: Int) -> Bool {
    let date = CivilDate(daysSince1970: day)
    guard months >> UInt64(date.month) & 1 == 1 else { return false }
    let ofMonth = days >> UInt64(date.day) & 1 == 1
    let ofWeek = weekdays >> UInt64(date.weekday % 7) & 1 == 1
    return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek
  }
}

// MARK: Reading

extension CronLine {
  /// The numbers that a field admits.
  private static func bits(_ field: Substring, in limits: ClosedRange<Int>) -> UInt64? {
    var bits: UInt64 = 0
    for part in field.split(separator: ",", omittingEmptySubsequences: false) {
      guard let numbers = numbers(part, in: limits) else { return nil }
      for number in numbers { bits |= 1 << UInt64(number) }
    }
    return bits
  }

  /// `*`, `5`, `1-5`, each with `/step`; a single number with a step goes on to the field's end.
  private static func numbers(
    _ part: Substring, in limits: ClosedRange<Int>
  ) -> StrideThrough<Int>? {
    let halves = part.split(separator: "/", omittingEmptySubsequences: false)
    guard 1...2 ~= halves.count else { return nil }
    var step = 1
    if halves.count == 2 {
      guard let number = number(halves[1]), number >= 1 else { return nil }
      step = number
    }
    if halves[0] == "*" {
      return stride(from: limits.lowerBound, through: limits.upperBound, by: step)
    }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
    guard 1...2 ~= ends.count, let first = ends[0], limits.contains(first) else { return nil }
    var last = halves.count == 2 ? limits.upperBound : first
    if ends.count == 2 {
      guard let end = ends[1], limits.contains(end), first <= end else { return nil }
      last = end
    }
    return stride(from: first, through: last, by: step)
  }

  private static func number(_ text: Substring) -> Int? {
    let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return isDigits && text.utf8.count <= 4 ? Int(text) : nil
  }
}
