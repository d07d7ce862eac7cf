import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

@testable import MartletOnline

/// What is read for a window does not grow with the window, and what is answered does not depend on how.
struct RestTests {
  @Test(arguments: [1_000, 9_000])
  func `a window about now is a page and a state or two, whatever its length`(count: Int) throws {
    let features = try Self.features(count: count)
    let set = try #require(features.plan.set("hits"))
    for feature in set.features.indices {
      let trace = try features.trace(
        of: set, keys: [.int(7)], feature: feature, at: Instant(microseconds: Int64(count)))
      let steps = try #require(trace.steps)
      #expect(trace.form == (count > 4_096 ? .chapters : .pages))
      #expect(steps.tiles == 0 && steps.pages == 0)
      #expect(steps.rests <= 2 && steps.openedPages <= 1 && steps.openedChapters <= 1)
      #expect(steps.rows <= 64)
    }
  }

  @Test(arguments: [1_000, 9_000])
  func `rests, tiles and rows give one answer`(count: Int) throws {
    let features = try Self.features(count: count)
    let set = try #require(features.plan.set("hits"))
    // Up to the last row and beyond it all rows of the pages are seen, before it they are not.
    for moment in [0, 1, 63, 500, count - 65, count - 1, count, count + 40, count + 100_000] {
      let found = try features.answers(
        of: set, keys: [Column(.int([7]))], at: Column(.time([Int64(moment)])))
      for (feature, length) in [10, 70, 700, 8_000, Int.max].enumerated() {
        let seen = (0..<count).filter { $0 < moment && moment - $0 <= length }
        let wanted: Value = .int(Int64(seen.reduce(0, +)))
        #expect(
          found.columns[feature][0] == (seen.isEmpty ? .null : wanted),
          "feature \(feature) at \(moment)")
      }
    }
  }

  @Test func `a flipped bit in a state is noticed when it is read, and not before`() throws {
    var writer = ByteWriter()
    _ = writer.write(record: WrittenStates(small: [1, 2, 3], large: [4]))
    let record = Array(writer.bytes)
    for bit in 0..<record.count * 8 {
      var damaged = record
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: RowsError.self) {
        try damaged.withUnsafeBytes { _ = try StateRecord(at: 0, of: $0) }
      }
    }
    try record.withUnsafeBytes {
      let read = try StateRecord(at: 0, of: $0).copied
      #expect(read.small == [1, 2, 3] && read.large == [4])
    }
  }

  /// A hit of entity 7 in every microsecond from 0 on, numbered by it.
  private static func features(count: Int) throws -> OnlineFeatures {
    let text = """
      entity user(user: int)
      events taps {
          from "taps.csv"
          at at_time
          user: int
          number: int
          at_time: time
      }
      features hits of user from taps {
          total = sum(number) over 10us, 70us, 700us, 8000us
          ever = sum(number)
      }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    try #require(checked.findings.filter { $0.severity == .error } == [])
    let plan = Plan(checked.value.definitions)
    let set = try #require(plan.set("hits"))
    let store = try OnlineStore.inMemory()
    let schema = try #require(plan.source("taps")).schema
    let numbers = (0..<Int64(count)).map { $0 }
    let columns = schema.fields.map { field -> Column in
      switch field.name {
      case "user": Column(.int(Buffer(repeating: 7, count: count)))
      case "number": Column(.int(Buffer(numbers)))
      default: Column(.time(Buffer(numbers)))
      }
    }
    let rows = RowKeeper(set).keep(Batch(schema, columns, rowCount: count)).kept
    try store.load(set, [rows], in: "memory", holdingPushesUpTo: 0)
    return try OnlineFeatures(plan, of: store)
  }
}
