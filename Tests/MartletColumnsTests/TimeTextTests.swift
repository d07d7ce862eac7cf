import MartletColumns
import Testing

struct InstantTextTests {
  @Test(
    arguments: [
      ("1970-01-01", 0),
      ("1970-01-01T00:00:00Z", 0),
      ("1970-01-01 00:00:00.000001", 1),
      ("1969-12-31T23:59:59.999999Z", -1),
      ("2025-01-01T00:00:00Z", 1_735_689_600_000_000),
      ("2025-01-01T02:00+02:00", 1_735_689_600_000_000),
      ("2025-01-01T02:00:00+0200", 1_735_689_600_000_000),
      ("2024-12-31T19:30:00.5-04:30", 1_735_689_600_500_000),
      ("2025-01-01T00:00:00,250Z", 1_735_689_600_250_000),
      ("2025-01-01T00:00:00.1234560000Z", 1_735_689_600_123_456),
      ("2000-02-29", 951_782_400_000_000),
      ("0000-03-01", -62_162_035_200_000_000),
      ("-000001-01-01", -62_198_755_200_000_000),
      ("+294247-01-10T04:00:54.775807Z", Int64.max),
      ("-290308-12-21T19:59:05.224192Z", Int64.min),
    ] as [(String, Int64)])
  func `reads what is written`(text: String, microseconds: Int64) throws {
    #expect(try Instant(text).microseconds == microseconds)
  }

  @Test(
    arguments: [
      ("", "expected a four-digit year at byte 0"),
      ("25-01-01", "expected a four-digit year at byte 0"),
      ("2025-02-30", "month 2 of 2025 has no day 30"),
      ("1900-02-29", "month 2 of 1900 has no day 29"),
      ("2025-13-01", "there is no month 13"),
      ("2025-01-01T24:00:00Z", "there is no hour 24"),
      ("2025-06-30T23:59:60Z", "there is no second 60; leap seconds are not kept"),
      ("2025-01-01T00:00:00.0000001Z", "finer than a microsecond"),
      ("2025-01-01T00:00:00.Z", "expected digits after the point at byte 20"),
      ("2025-01-01T00:00:00Zz", "expected the end at byte 20"),
      ("2025-01-01Z", "expected `T` and a time at byte 10"),
      ("+294247-01-10T04:00:54.775808Z", "too far for microseconds in 64 bits"),
      ("-290308-12-21T19:59:05.224191Z", "too far for microseconds in 64 bits"),
      ("+999999-01-01", "too far for microseconds in 64 bits"),
      ("2025-01-01T00:00:00+2", "expected the offset's two-digit hours at byte 20"),
    ] as [(String, String)])
  func `refuses what it cannot keep`(text: String, reason: String) {
    #expect(throws: TimeTextError.self) { try Instant(text) }
    do { _ = try Instant(text) } catch { #expect("\(error)" == reason) }
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"),
      (1_735_689_600_123_400, "2025-01-01T00:00:00.1234Z"),
      (-1, "1969-12-31T23:59:59.999999Z"),
      (Int64.min, "-290308-12-21T19:59:05.224192Z"),
      (Int64.max, "+294247-01-10T04:00:54.775807Z"),
    ] as [(Int64, String)])
  func `prints what reads back`(microseconds: Int64, text: String) throws {
    #expect("\(Instant(microseconds: microseconds))" == text)
    #expect(try Instant(text).microseconds == microseconds)
  }

  @Test func `every day of eight centuries follows the one before`() throws {
    var expected = try #require(CivilDate(year: 1599, month: 12, day: 31))
    for day in expected.daysSince1970 + 1...expected.daysSince1970 + 800 * 366 {
      let date = CivilDate(daysSince1970: day)
      if expected.day < CivilDate.daysInMonth(expected.month, of: expected.year) {
        expected.day += 1
      } else {
        expected.day = 1
        expected.month = expected.month % 12 + 1
        if expected.month == 1 { expected.year += 1 }
      }
      guard date == expected, date.daysSince1970 == day else {
        Issue.record("day \(day) is \(date), expected \(expected)")
        return
      }
    }
    #expect(CivilDate(daysSince1970: 0).weekday == 4)
  }

  @Test func `a wall elsewhere shows another moment`() throws {
    let written = try WrittenTime("2025-01-01T02:00:00".utf8.span)
    #expect(written.offset == nil)
    let east = TimeLength(microseconds: 2 * .hour)
    #expect(try Instant(written, elsewhere: east) == Instant("2025-01-01"))
  }
}

struct TimeLengthTextTests {
  @Test(
    arguments: [
      ("90s", 90 * Int64.second), ("5m", 5 * .minute), ("1h", .hour), ("7d", 7 * .day),
      ("250ms", 250_000), ("3us", 3), ("1h30m", 90 * .minute), ("2w", 14 * .day),
      ("3y", 3 * 365 * .day), ("0s", 0), ("-5s", -5 * .second),
      ("PT1H30M", 90 * .minute), ("P7D", 7 * .day), ("P1W", 7 * .day), ("PT0.000001S", 1),
      ("P1DT12H", 36 * .hour), ("-PT5S", -5 * .second), ("PT2.5S", 2_500_000),
      ("9223372036854775807us", .max), ("-9223372036854775808us", .min),
    ] as [(String, Int64)])
  func `reads what is written`(text: String, microseconds: Int64) throws {
    #expect(try TimeLength(text).microseconds == microseconds)
  }

  @Test(
    arguments: [
      ("", "expected a number and a unit, as in `7d` at byte 0"),
      ("7", "expected a unit: us, ms, s, m, h, d, w or y at byte 1"),
      ("7 d", "expected a unit: us, ms, s, m, h, d, w or y at byte 1"),
      ("1m1h", "expected units that shrink, each once at byte 4"),
      ("1h1h", "expected units that shrink, each once at byte 4"),
      ("1.5h", "expected a unit: us, ms, s, m, h, d, w or y at byte 1"),
      ("9223372036854775808us", "too far for microseconds in 64 bits"),
      ("99999999999999999999999999999999999999999999y", "too far for microseconds in 64 bits"),
      ("P", "expected a number at byte 1"), ("PT", "expected a number at byte 2"),
      ("P1M", "months and years have no fixed length; say days"),
      ("PT0.0000001S", "finer than a microsecond"),
      ("PT1.5H", "only seconds may have a fraction"),
      ("P1DT", "expected a number at byte 4"),
      ("PT1D", "expected a unit that belongs here at byte 4"),
    ] as [(String, String)])
  func `refuses what it cannot keep`(text: String, reason: String) {
    #expect(throws: TimeTextError.self) { try TimeLength(text) }
    do { _ = try TimeLength(text) } catch { #expect("\(error)" == reason) }
  }

  @Test(
    arguments: [
      (90 * Int64.second, "90s", "PT1M30S"), (24 * .hour, "1d", "P1D"),
      (36 * .hour, "36h", "P1DT12H"),
      (1, "1us", "PT0.000001S"), (0, "0s", "PT0S"), (-1_500_000, "-1500ms", "-PT1.5S"),
      (Int64.min, "-9223372036854775808us", "-P106751991DT4H54.775808S"),
    ] as [(Int64, String, String)])
  func `prints what reads back`(microseconds: Int64, short: String, iso: String) throws {
    let length = TimeLength(microseconds: microseconds)
    #expect("\(length)" == short)
    #expect(length.isoDescription == iso)
    #expect(try TimeLength(short) == length)
    #expect(try TimeLength(iso) == length)
  }
}
