/// The rule by which clocks change every year, as the last line of a time zone's file has it:
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyRule: Hashable, Sendable {
  /// Seconds ahead of UTC in winter; with no `summer`, always.
  var standard: Int64
  var summer: Summer?

  /// Clocks that are put forward for a part of the year.
  struct Summer: Hashable, Sendable {
    var offset: Int64
    var start: Change
    var end: Change
  }

  /// A day of the year, and the second of it on the wall.
  struct Change: Hashable, Sendable {
    var day: Day
    var second: Int64
  }

  enum Day: Hashable, Sendable {
    /// The nth day of the year from 1; the 29th of February is never counted.
    case julian(Int)

    /// The nth day of the year from 0.
    case ordinal(Int)

    /// The weekday (0 is Sunday) of a month's week; 5 is the last.
    case weekday(month: Int, week: Int, day: Int)
  }

  func offset(at seconds: Int64) -> Int64 {
    guard let summer else { return standard }
    let days = floorDivide(Int(seconds) &+ Int(standard), by: 86_400)
    let year = CivilDate(daysSince1970: days).year
    let start = summer.start.wall(in: year) - standard
    let end = summer.end.wall(in: year) - summer.offset
    let isSummer =
      start < end ? start <= seconds && seconds < end : !(end <= seconds && seconds < start)
    return isSummer ? summer.offset : standard
  }
}

extension YearlyRule.Change {
  /// When it is in `year`, in seconds on the wall.
  func wall(in year: Int) -> Int64 {
    let newYear = CivilDate.days(toNewYear: year)
    let days: Int
    switch day {
    case .julian(let number):
      days = newYear + number - (CivilDate.isLeap(year) && number >= 60 ? 0 : 1)
    case .ordinal(let number): days = newYear + number
    case .weekday(let month, let week, let weekday):
      let first = CivilDate.days(toNewYear: year, month: month)
      // The first such weekday of the month, then so many weeks on, while there are that many.
      let ahead = floorRemainder(weekday - CivilDate(daysSince1970: first).weekday % 7, by: 7)
      var date = ahead + 7 * (week - 1)
      if date >= CivilDate.daysInMonth(month, of: year) { date -= 7 }
      days = first + date
    }
    return Int64(days) * 86_400 + second
  }
}

extension CivilDate {
  /// Days from the first of 1970 to the first of `month` of `year`, any year at all.
  fileprivate static func days(toNewYear year: Int, month: Int = 1) -> Int {
    // The calendar repeats every 400 years; a year near by is one that `CivilDate` surely knows.
    let era = floorDivide(year - 2000, by: 400)
    let near = CivilDate(year: year - era * 400, month: month, day: 1)
    return (near?.daysSince1970 ?? 0) + era * 146_097
  }
}

// MARK: Reading

extension YearlyRule {
  /// Reads the rule, or gives `nil` where it is none.
  init?(_ text: some Sequence<UInt8>) {
    var cursor = RuleCursor(bytes: Array(text)[...])
    guard cursor.name(), let west = cursor.length(within: 24) else { return nil }
    standard = -west
    if cursor.bytes.isEmpty { return }
    guard cursor.name() else { return nil }
    var offset = standard + 3_600
    if cursor.bytes.first != UInt8(ascii: ",") {
      guard let west = cursor.length(within: 24) else { return nil }
      offset = -west
    }
    guard let start = cursor.change(), let end = cursor.change(), cursor.bytes.isEmpty else {
      return nil
    }
    summer = Summer(offset: offset, start: start, end: end)
  }
}

private struct RuleCursor {
  var bytes: ArraySlice<UInt8>

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard bytes.first == UInt8(ascii: character) else { return false }
    bytes.removeFirst()
    return true
  }

  /// Skips a zone's name: letters, or anything within angle brackets.
  mutating func name() -> Bool {
    if skip("<") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: ">")) else { return false }
      bytes = bytes[(end + 1)...]
      return true
    }
    let isLetter = { (byte: UInt8) in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
    }
    let rest = bytes.drop(while: isLetter)
    defer { bytes = rest }
    return bytes.count - rest.count >= 3
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int? {
    var value = 0
    var count = 0
    while let byte = bytes.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), count < 4
    {
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      count += 1
      bytes.removeFirst()
    }
    return count > 0 && range.contains(value) ? value : nil
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  mutating func length(within hours: Int) -> Int64? {
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    guard var seconds = number(0...hours).map({ $0 * 3_600 }) else { return nil }
    if skip(":") {
      guard let minutes = number(0...59) else { return nil }
      seconds += minutes * 60
      if skip(":") {
        guard let rest = number(0...59) else { return nil }
        seconds += rest
      }
    }
    return Int64(isNegative ? -seconds : seconds)
  }

  /// `,day[/time]`.
  mutating func change() -> YearlyRule.Change? {
    guard skip(","), let day = day() else { return nil }
    guard skip("/") else { return YearlyRule.Change(day: day, second: 7_200) }
    return length(within: 167).map { YearlyRule.Change(day: day, second: $0) }
  }

  private mutating func day() -> YearlyRule.Day? {
    if skip("J") { return number(1...365).map { .julian($0) } }
    guard skip("M") else { return number(0...365).map { .ordinal($0) } }
    guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
      let day = number(0...6)
    else { return nil }
    return .weekday(month: month, week: week, day: day)
  }
}
