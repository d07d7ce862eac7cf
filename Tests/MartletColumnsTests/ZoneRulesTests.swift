import Glibc
import MartletColumns
import SeededRandom
import Testing

struct ZoneRulesTests {
  /// Offsets that another reader of the same files gives, at moments from 1900 to 2255.
  @Test func `clocks stand where another reader of the files has them`() throws {
    let lines = try text("offsets.txt").split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.count == 540)
    var zones: [Substring: ZoneRules] = [:]
    for line in lines {
      let rules = try zones[line[0]] ?? zone(String(line[0]))
      zones[line[0]] = rules
      let seconds = try #require(Int64(line[1]))
      let offset = try #require(Int128(line[2]))
      let wall = Int128(seconds) * 1_000_000 + offset * 1_000_000
      #expect(rules.wall(at: seconds * 1_000_000) == wall, "\(line)")
    }
  }

  @Test func `a wall's time is the first moment at which it is shown`() throws {
    let berlin = try zone("Europe/Berlin")
    expect("2025-10-26T02:30", in: berlin, is: "2025-10-26T00:30:00Z")  // shown twice
    expect("2025-07-01T12:00", in: berlin, is: "2025-07-01T10:00:00Z")
    expect("2025-03-30T02:30", in: berlin, is: "2025-03-30T01:00:00Z")  // never shown
    expect("2060-07-01T12:00", in: berlin, is: "2060-07-01T10:00:00Z")  // by the yearly rule
  }

  @Test func `a day begins when its clocks first show it`() throws {
    let berlin = try zone("Europe/Berlin")
    expectMidnight("2025-03-30T12:00:00Z", in: berlin, is: "2025-03-29T23:00:00Z")
    expectMidnight("2025-03-29T23:30:00Z", in: berlin, is: "2025-03-29T23:00:00Z")
    // In São Paulo clocks went from midnight to one o'clock.
    let saoPaulo = try zone("America/Sao_Paulo")
    expectMidnight("2017-10-15T12:00:00Z", in: saoPaulo, is: "2017-10-15T03:00:00Z")
    // Apia had no 30th of December 2011.
    let apia = try zone("Pacific/Apia")
    expectMidnight("2011-12-30T11:00:00Z", in: apia, is: "2011-12-30T10:00:00Z")
  }

  @Test func `no bytes trap`() throws {
    let whole = try bytes("Europe/Berlin")
    for length in stride(from: 0, to: whole.count, by: 7) {
      #expect(throws: ZoneFileError.self) { try ZoneRules(file: Array(whole.prefix(length))) }
    }
    var random = SeededGenerator(3)
    for _ in 0..<2_000 {
      var broken = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<broken.count, using: &random)
        broken[place] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        let rules = try ZoneRules(file: broken)
        for moment in [Int64.min, -1, 0, 1_750_000_000_000_000, .max] {
          _ = rules.wall(at: moment)
          _ = rules.midnight(before: moment)
        }
      } catch {}
    }
  }

  private func expect(_ wall: String, in rules: ZoneRules, is instant: String) {
    let written = try? Instant(wall + "Z")
    #expect(
      rules.instant(ofWall: Int128(written?.microseconds ?? 0))
        == (try? Instant(instant))?.microseconds, "\(wall)")
  }

  private func expectMidnight(_ moment: String, in rules: ZoneRules, is instant: String) {
    let microseconds = (try? Instant(moment))?.microseconds ?? 0
    #expect(
      rules.midnight(before: microseconds) == (try? Instant(instant))?.microseconds, "\(moment)")
  }

  private func zone(_ name: String) throws -> ZoneRules { try ZoneRules(file: bytes(name)) }

  private func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    let folder = String(#filePath.dropLast("ZoneRulesTests.swift".count)) + "Zones/"
    let file = try #require(fopen(folder + name, "r"), "\(name)")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 100_000)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }
}
