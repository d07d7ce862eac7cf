import Martlet
import MartletColumns
import Testing

struct LabelLeakTests {
  private let label = ints(0..<1_000) { $0 % 3 == 0 ? 1 : 0 }

  @Test func `the label by another name, scaled or turned round, is found`() throws {
    let test = try #require(LeakTest(label: label))
    for feature in [
      label, Self.ints(0..<1_000) { $0 % 3 == 0 ? -5 : 7 },
      Self.column(.double) { .double($0 % 3 == 0 ? -0.5 : Double($0)) },
      Self.column(.bool) { .bool($0 % 3 == 0) },
      Self.column(.int) { $0 % 3 == 0 ? .int(1) : .null },
    ] {
      #expect(test.leak("f", feature)?.evidence == .ranks(1))
    }
    let text = Self.column(.string) { .string($0 % 3 == 0 ? "y" : "n\($0 % 7)") }
    #expect(test.leak("f", text)?.evidence == .values(0))
  }

  @Test func `what only says something about the label is not suspected`() throws {
    let test = try #require(LeakTest(label: label))
    // Right for nine rows in ten of either label.
    let good = Self.ints(0..<1_000) { row in
      (row % 10 == 0) != (row % 3 == 0) ? 1 : 0
    }
    #expect(test.leak("f", good) == nil)
    #expect(test.leak("f", Self.ints(0..<1_000) { $0 * 7_919 % 1_000 }) == nil)
    // A name of its own for each row tells each row's label, and nothing.
    #expect(test.leak("f", Self.column(.string) { .string("\($0)") }) == nil)
    #expect(test.leak("f", Self.column(.string) { _ in .null }) == nil)
  }

  @Test func `a label of several values is told by exact values alone`() throws {
    let test = try #require(LeakTest(label: Self.ints(0..<1_000) { $0 % 4 }))
    #expect(test.leak("f", Self.ints(0..<1_000) { $0 % 8 })?.evidence == .values(0))
    #expect(test.leak("f", Self.ints(0..<1_000) { $0 % 2 }) == nil)
  }

  @Test func `a label that tells nothing is not tested against`() {
    #expect(LeakTest(label: Self.ints(0..<1_000) { _ in 1 }) == nil)
    #expect(LeakTest(label: Self.ints(0..<20) { $0 % 2 }) == nil)
    #expect(LeakTest(label: Self.ints(0..<1_000) { $0 }) == nil)
  }

  @Test func `shares of entities are near to what was asked for`() throws {
    let split = try #require(TrainingSplit([("a", 0.7), ("b", 0.3)]))
    let names = (0..<10_000).map { Value.string("c\($0 / 2)") }
    let keys = try #require(Column(.string, names))
    let times = Column(.time(Buffer(repeating: 0, count: 10_000)))
    let parts = split.rows(by: .entity, keys: [keys], times: times)
    #expect(6_700...7_300 ~= parts[0].count && parts[0].count + parts[1].count == 10_000)
    // The same for ever: a model's test rows do not become another's training rows.
    #expect((0..<16).map { parts[0][$0] / 2 } == [0, 1, 2, 4, 7, 9, 10, 11].flatMap { [$0, $0] })
    #expect(TrainingSplit([("a", 0.7), ("b", 0.4)]) == nil)
    #expect(TrainingSplit([("a", 0.5), ("a", 0.5)]) == nil)
    #expect(TrainingSplit([("a", 1.5), ("b", -0.5)]) == nil)
  }

  private static func ints(_ rows: Range<Int>, _ value: (Int) -> Int) -> Column {
    Column(.int(Buffer(rows.map { Int64(value($0)) })))
  }

  private static func column(_ type: ColumnType, _ value: (Int) -> Value) -> Column {
    Column(type, (0..<1_000).map(value)) ?? .nulls(of: type, count: 1_000)
  }
}

private func ints(_ rows: Range<Int>, _ value: (Int) -> Int) -> Column {
  Column(.int(Buffer(rows.map { Int64(value($0)) })))
}
