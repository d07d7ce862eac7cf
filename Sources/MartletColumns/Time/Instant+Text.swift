/// A date and a time of day as they were written, with or without saying where on Earth.
public struct WrittenTime: Hashable, Sendable {
  /// What a clock on the wall showed, counted as if it stood in UTC.
  public var wallMicroseconds: Int64

  /// How far the wall was east of UTC; `nil` where the text does not say.
  public var offset: TimeLength?
}

extension WrittenTime {
  /// Reads ISO 8601 as it is met in files: `2025-01-31`, `2025-01-31T23:59`,
  /// `2025-01-31 23:59:59.123456+02:00`, `…Z`. A date alone is its midnight.
  ///
  /// A year of other than four digits has a sign and six. A comma may stand for the point. Finer
  /// digits than microseconds are refused unless they are zero, since they would be lost.
  public init(_ text: Span<UInt8>) throws(TimeTextError) {
    var cursor = TextCursor(text)
    let date = try Self.date(&cursor)
    var microseconds: Int64 = 0
    var offset: TimeLength?
    if !cursor.isAtEnd {
      guard cursor.skip(oneOf: "Tt ") != nil else { throw cursor.expected("`T` and a time") }
      microseconds = try Self.timeOfDay(&cursor)
      offset = try Self.offset(&cursor)
      guard cursor.isAtEnd else { throw cursor.expected("the end") }
    }
    // The first and the last day that microseconds reach are not whole: their midnight may be out.
    let wall = Int128(date.daysSince1970) * Int128(Int64.day) + Int128(microseconds)
    guard let wall = Int64(exactly: wall) else {
      throw TimeTextError(reason: .outOfRange, offset: 0)
    }
    wallMicroseconds = wall
    self.offset = offset
  }

  private static func date(_ cursor: inout TextCursor) throws(TimeTextError) -> CivilDate {
    let sign = cursor.skip(oneOf: "+-")
    guard let magnitude = cursor.digits(sign == nil ? 4 : 6) else {
      throw cursor.expected(sign == nil ? "a four-digit year" : "a six-digit year after the sign")
    }
    let year = sign == UInt8(ascii: "-") ? -magnitude : magnitude
    guard cursor.skip("-") else { throw cursor.expected("`-`") }
    guard let month = cursor.digits(2) else { throw cursor.expected("a two-digit month") }
    guard cursor.skip("-") else { throw cursor.expected("`-`") }
    guard let day = cursor.digits(2) else { throw cursor.expected("a two-digit day") }
    guard let date = CivilDate(year: year, month: month, day: day) else {
      guard CivilDate.years.contains(year) else { throw cursor.failure(.outOfRange) }
      guard 1...12 ~= month else { throw cursor.failure(.noSuch("there is no month \(month)")) }
      throw cursor.failure(.noSuch("month \(month) of \(year) has no day \(day)"))
    }
    return date
  }

  private static func timeOfDay(_ cursor: inout TextCursor) throws(TimeTextError) -> Int64 {
    guard let hour = cursor.digits(2) else { throw cursor.expected("a two-digit hour") }
    guard hour < 24 else { throw cursor.failure(.noSuch("there is no hour \(hour)")) }
    guard cursor.skip(":") else { throw cursor.expected("`:`") }
    guard let minute = cursor.digits(2) else { throw cursor.expected("two-digit minutes") }
    guard minute < 60 else { throw cursor.failure(.noSuch("there is no minute \(minute)")) }
    var microseconds = Int64(hour) * .hour + Int64(minute) * .minute
    if cursor.skip(":") {
      guard let second = cursor.digits(2) else { throw cursor.expected("two-digit seconds") }
      guard second < 60 else {
        throw cursor.failure(.noSuch("there is no second \(second); leap seconds are not kept"))
      }
      microseconds += Int64(second) * .second
      if cursor.skip(oneOf: ".,") != nil { microseconds += try cursor.fractionOfSecond() }
    }
    return microseconds
  }

  private static func offset(_ cursor: inout TextCursor) throws(TimeTextError) -> TimeLength? {
    if cursor.isAtEnd { return nil }
    if cursor.skip(oneOf: "Zz") != nil { return TimeLength(microseconds: 0) }
    guard let sign = cursor.skip(oneOf: "+-") else { throw cursor.expected("`Z` or an offset") }
    guard let hours = cursor.digits(2) else {
      throw cursor.expected("the offset's two-digit hours")
    }
    var minutes = 0
    if cursor.skip(":") || !cursor.isAtEnd {
      guard let digits = cursor.digits(2) else {
        throw cursor.expected("the offset's two-digit minutes")
      }
      minutes = digits
    }
    guard hours < 24, minutes < 60 else { throw cursor.failure(.noSuch("there is no such offset")) }
    let length = Int64(hours) * .hour + Int64(minutes) * .minute
    return TimeLength(microseconds: sign == UInt8(ascii: "-") ? -length : length)
  }
}

extension TextCursor {
  /// Reads the digits after a second's point, as microseconds; exactly, or not at all.
  @_lifetime(self: copy self)
  mutating func fractionOfSecond() throws(TimeTextError) -> Int64 {
    guard digitCount > 0 else { throw expected("digits after the point") }
    // The usual six digits in one step.
    if digitCount == 6, let microseconds = digits(6) { return Int64(microseconds) }
    var sum: Int64 = 0
    var unit = Int64.second / 10
    while let digit = digits(1) {
      guard unit > 0 || digit == 0 else { throw failure(.finerThanMicroseconds) }
      sum += Int64(digit) * unit
      unit /= 10
    }
    return sum
  }
}

extension Instant {
  /// Reads ISO 8601; a text that names no offset is UTC.
  public init(_ text: Span<UInt8>) throws(TimeTextError) {
    try self.init(WrittenTime(text), elsewhere: TimeLength(microseconds: 0))
  }

  /// Reads ISO 8601; a text that names no offset is UTC.
  public init(_ text: String) throws(TimeTextError) {
    let text = text
    try self.init(text.utf8.span)
  }

  /// The moment at which a wall `offset` east of UTC, if the text names none, showed `written`.
  public init(_ written: WrittenTime, elsewhere offset: TimeLength) throws(TimeTextError) {
    let east = written.offset ?? offset
    let (utc, isOut) = written.wallMicroseconds.subtractingReportingOverflow(east.microseconds)
    guard !isOut else { throw TimeTextError(reason: .outOfRange, offset: 0) }
    self.init(microseconds: utc)
  }
}

extension Instant: CustomStringConvertible {
  /// ISO 8601 in UTC, with as many digits after the point as it takes: `2025-01-31T23:59:59.5Z`.
  public var description: String {
    let date = CivilDate(daysSince1970: Int(floorDivide(microseconds, by: .day)))
    let time = floorRemainder(microseconds, by: .day)
    let year =
      0...9999 ~= date.year
      ? padded(date.year, to: 4) : (date.year < 0 ? "-" : "+") + padded(abs(date.year), to: 6)
    let clock = [time / .hour, time % .hour / .minute, time % .minute / .second]
      .map { padded(Int($0), to: 2) }.joined(separator: ":")
    return "\(year)-\(padded(date.month, to: 2))-\(padded(date.day, to: 2))"
      + "T\(clock)\(fractionText(time % .second))Z"
  }
}

/// `number` with zeros before it.
private func padded(_ number: Int, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Microseconds below a second, as `.5`, `.000001`, or nothing.
func fractionText(_ microseconds: Int64) -> String {
  guard microseconds != 0 else { return "" }
  var digits = padded(Int(microseconds), to: 6)
  while digits.hasSuffix("0") { digits.removeLast() }
  return "." + digits
}
