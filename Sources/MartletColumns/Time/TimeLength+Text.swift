extension Int64 {
  /// Microseconds in a millisecond.
  public static var millisecond: Int64 { 1_000 }
  /// Microseconds in a second.
  public static var second: Int64 { 1_000_000 }
  /// Microseconds in a minute.
  public static var minute: Int64 { 60 * second }
  /// Microseconds in an hour.
  public static var hour: Int64 { 60 * minute }
  /// Microseconds in a day of 24 hours.
  public static var day: Int64 { 24 * hour }
}

extension TimeLength {
  /// A unit of the short form.
  struct Unit: Sendable {
    var suffix: StaticString
    var microseconds: Int64
  }

  /// The units of the short form, the longest first. A year is 365 days, a week seven.
  static let units: [Unit] = [
    Unit(suffix: "y", microseconds: 365 * .day),
    Unit(suffix: "w", microseconds: 7 * .day),
    Unit(suffix: "d", microseconds: .day),
    Unit(suffix: "h", microseconds: .hour),
    Unit(suffix: "m", microseconds: .minute),
    Unit(suffix: "s", microseconds: .second),
    Unit(suffix: "ms", microseconds: .millisecond),
    Unit(suffix: "us", microseconds: 1),
  ]
}

extension TimeLength {
  /// Reads the short form (`90s`, `1h30m`, `7d`, `250ms`) or ISO 8601 (`PT1H30M`, `P7D`, `-PT5S`).
  ///
  /// ISO's months and years have no fixed length and are refused; the short form's `y` is 365 days.
  public init(_ text: Span<UInt8>) throws(TimeTextError) {
    var cursor = TextCursor(text)
    let isNegative = cursor.skip("-")
    let magnitude =
      cursor.skip("P") ? try Self.iso(&cursor) : try Self.short(&cursor)
    guard cursor.isAtEnd else { throw cursor.expected("the end") }
    guard let microseconds = Int64(exactly: isNegative ? -magnitude : magnitude) else {
      throw cursor.failure(.outOfRange)
    }
    self.init(microseconds: microseconds)
  }

  /// Reads the short form (`90s`, `1h30m`, `7d`, `250ms`) or ISO 8601 (`PT1H30M`, `P7D`, `-PT5S`).
  public init(_ text: String) throws(TimeTextError) {
    let text = text
    try self.init(text.utf8.span)
  }

  private static func short(_ cursor: inout TextCursor) throws(TimeTextError) -> Int128 {
    var sum: Int128 = 0
    var last = Int64.max
    repeat {
      let number = try cursor.number("a number and a unit, as in `7d`")
      guard let unit = cursor.shortUnit() else {
        throw cursor.expected("a unit: us, ms, s, m, h, d, w or y")
      }
      guard unit < last else { throw cursor.expected("units that shrink, each once") }
      last = unit
      sum += number * Int128(unit)
    } while !cursor.isAtEnd
    return sum
  }

  private static func iso(_ cursor: inout TextCursor) throws(TimeTextError) -> Int128 {
    var sum: Int128 = 0
    var last = Int64.max
    var isTime = false
    repeat {
      if !isTime, cursor.skip("T") { isTime = true }
      let number = try cursor.number("a number")
      var fraction: Int64 = 0
      let hasFraction = cursor.skip(oneOf: ".,") != nil
      if hasFraction { fraction = try cursor.fractionOfSecond() }
      guard let designator = cursor.skip(oneOf: "YMWDHS") else { throw cursor.expected("a unit") }
      let unit: Int64
      switch (Character(UnicodeScalar(designator)), isTime) {
      case ("W", false): unit = 7 * .day
      case ("D", false): unit = .day
      case ("H", true): unit = .hour
      case ("M", true): unit = .minute
      case ("S", true): unit = .second
      case ("Y", false), ("M", false):
        throw cursor.failure(.noSuch("months and years have no fixed length; say days"))
      default: throw cursor.expected("a unit that belongs here")
      }
      guard unit < last else { throw cursor.expected("units that shrink, each once") }
      guard !hasFraction || unit == .second else {
        throw cursor.failure(.noSuch("only seconds may have a fraction"))
      }
      last = unit
      sum += number * Int128(unit) + Int128(fraction)
    } while !cursor.isAtEnd
    return sum
  }
}

extension TextCursor {
  /// Reads a whole number, of which a handful can be multiplied by any unit and added.
  @_lifetime(self: copy self)
  fileprivate mutating func number(_ what: String) throws(TimeTextError) -> Int128 {
    guard digitCount > 0 else { throw expected(what) }
    var number: Int128 = 0
    while let digit = digits(1) {
      number = number * 10 + Int128(digit)
      guard number <= Int128(UInt64.max) else { throw failure(.outOfRange) }
    }
    return number
  }

  /// Steps over the longest unit of the short form that stands here.
  @_lifetime(self: copy self)
  fileprivate mutating func shortUnit() -> Int64? {
    if skip("u") { return skip("s") ? 1 : nil }
    if skip("m") { return skip("s") ? .millisecond : .minute }
    for unit in TimeLength.units where unit.suffix.utf8CodeUnitCount == 1 {
      if skip(oneOf: unit.suffix) != nil { return unit.microseconds }
    }
    return nil
  }
}

extension TimeLength: CustomStringConvertible {
  /// The short form in the longest unit, up to days, that comes out even: `90s`, `36h`, `7d`.
  public var description: String {
    let unit = Self.units.first {
      $0.microseconds <= .day && microseconds % $0.microseconds == 0
    }
    guard microseconds != 0, let unit else { return "0s" }
    return "\(microseconds / unit.microseconds)\(unit.suffix)"
  }

  /// ISO 8601: `PT1H30M`, `P7D`, `-PT0.5S`.
  public var isoDescription: String {
    guard microseconds != 0 else { return "PT0S" }
    let length = microseconds.magnitude
    let units = (day: UInt64(Int64.day), hour: UInt64(Int64.hour), minute: UInt64(Int64.minute))
    var text = microseconds < 0 ? "-P" : "P"
    if length >= units.day { text += "\(length / units.day)D" }
    let rest = length % units.day
    guard rest > 0 else { return text }
    text += "T"
    if rest >= units.hour { text += "\(rest / units.hour)H" }
    if rest % units.hour >= units.minute { text += "\(rest % units.hour / units.minute)M" }
    let seconds = rest % units.minute
    if seconds > 0 {
      text += "\(seconds / 1_000_000)\(fractionText(Int64(seconds % 1_000_000)))S"
    }
    return text
  }
}
