import Glibc
import MartletColumns
import MartletLanguage
import SeededRandom
import Testing

@testable import MartletPipelines

struct TicksTests {
  /// `ticks.py` looked at every minute of two years; here a clock is moved from tick to tick.
  @Test(arguments: [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca",
  ])
  func `two years of ticks are those that a look at every minute finds`(zone: String) throws {
    let rules = try zoneRules(zone)
    let lines = try pageLines("ticks.txt").filter { $0[0] == zone }
    #expect(lines.count == 12)
    for line in lines {
      let ticks = Ticks(try #require(CronLine(line[1])), in: rules)
      var count = 0
      var checksum: UInt64 = 0
      // The last moment of June 2023.
      var now = Instant(microseconds: 1_688_169_600_000_000)
      let end = now.microseconds + 2 * 366 * Int64.day
      while let next = ticks.first(after: now), next.microseconds <= end {
        #expect(next > now)
        count += 1
        checksum = checksum &* 1_000_003 &+ UInt64(next.microseconds / 60_000_000)
        now = next
      }
      #expect("\(count) \(checksum)" == "\(line[2]) \(line[3])", "\(zone) \(line[1])")
    }
  }

  @Test func `a time that clocks skip is due when they do, and one shown twice the first time`()
    throws
  {
    let berlin = try zoneRules("Europe/Berlin")
    try expect("30 2 * * *", berlin, after: "2024-03-30T12:00Z", is: "2024-03-31T01:00Z")
    try expect("30 2 * * *", berlin, after: "2024-03-31T01:00Z", is: "2024-04-01T00:30Z")
    try expect("30 2 * * *", berlin, after: "2023-10-28T12:00Z", is: "2023-10-29T00:30Z")
    try expect("30 2 * * *", berlin, after: "2023-10-29T00:30Z", is: "2023-10-30T01:30Z")
    // A line of every hour goes on as often as ever.
    try expect("30 * * * *", berlin, after: "2023-10-29T00:30Z", is: "2023-10-29T01:30Z")
    try expect("30 * * * *", berlin, after: "2024-03-31T00:30Z", is: "2024-03-31T01:30Z")
  }

  @Test func `days that are rare are found, and lines without a day are none`() throws {
    try expect("0 0 29 2 *", .utc, after: "2096-03-01T00:00Z", is: "2104-02-29T00:00Z")
    // Both days begin with a star or are restricted by it: the 29th must be a Sunday.
    try expect("0 0 29 2 */7", .utc, after: "2024-03-01T00:00Z", is: "2032-02-29T00:00Z")
    #expect(CronLine("0 0 30 2 *") == nil)
    #expect(CronLine("0 0 31 4,6,9,11 *") == nil)
    #expect(CronLine("0 0 30 2 1") != nil)
    for line in [
      "", "* * * *", "60 * * * *", "* * * * 8", "*/0 * * * *", "5-1 * * * *", "a * * * *",
    ] {
      #expect(CronLine(line) == nil, "\(line)")
    }
  }

  @Test func `every length ticks at whole lengths from the beginning of 1970`() throws {
    let ticks = try #require(Ticks(every: TimeLength("15m")))
    #expect(
      ticks.first(after: try Instant("2025-01-31T10:07:03Z")) == (try Instant("2025-01-31T10:15Z")))
    #expect(
      ticks.first(after: try Instant("2025-01-31T10:15Z")) == (try Instant("2025-01-31T10:30Z")))
    #expect(ticks.first(after: Instant(microseconds: -1)) == Instant(microseconds: 0))
    #expect(ticks.first(after: Instant(microseconds: .max)) == nil)
    #expect(Ticks(every: TimeLength(microseconds: 0)) == nil)
  }

  @Test func `the last tick of a stretch is the one after which none follows in it`() throws {
    var random = SeededGenerator(7)
    let zone = try zoneRules("Europe/Berlin")
    let all = [
      try #require(Ticks(every: TimeLength("7m"))),
      Ticks(try #require(CronLine("*/20 2-4 * * *")), in: zone),
      Ticks(try #require(CronLine("0 0 29 2 *")), in: zone),
    ]
    for ticks in all {
      for _ in 0..<200 {
        let start = Int64.random(in: 1_690_000_000...1_700_000_000, using: &random) * 1_000_000
        let length = Int64.random(in: 0...200_000, using: &random) * 1_000_000
        let end = Instant(microseconds: start + length)
        var slow: Instant?
        var next = ticks.first(after: Instant(microseconds: start))
        while let tick = next, tick <= end {
          slow = tick
          next = ticks.first(after: tick)
        }
        #expect(ticks.last(after: Instant(microseconds: start), upTo: end) == slow)
      }
    }
  }

  @Test func `no moment traps`() throws {
    let apia = try zoneRules("Pacific/Apia")
    for text in ["* * * * *", "0 3 * * *", "59 23 31 12 0"] {
      let ticks = Ticks(try #require(CronLine(text)), in: apia)
      for moment in [Int64.min, -1, 0, .max - 1, .max] {
        _ = ticks.first(after: Instant(microseconds: moment))
      }
    }
    // Apia had no 30th of December 2011: what was due on it was due when the day was skipped.
    try expect("0 3 * * *", apia, after: "2011-12-29T20:00Z", is: "2011-12-30T10:00Z")
  }

  private func expect(
    _ line: String, _ zone: ZoneRules, after moment: String, is tick: String,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let ticks = Ticks(try #require(CronLine(line)), in: zone)
    #expect(
      ticks.first(after: try Instant(moment)) == (try Instant(tick)), "\(line)",
      sourceLocation: location)
  }

  private func zoneRules(_ name: String) throws -> ZoneRules {
    try ZoneRules(file: bytes("../../MartletColumnsTests/Zones/\(name)"))
  }

  private func pageLines(_ name: String) throws -> [[String]] {
    String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    let folder = String(#filePath.dropLast("TicksTests.swift".count))
    let file = try #require(fopen(folder + name, "r"), "\(name)")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 100_000)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }
}
