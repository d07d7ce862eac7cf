import MartletColumns
@testable import MartletSources
import Testing

struct ParquetSourceTests {
  /// 2025-03-30 is when Berlin's clocks go from 2 to 3, 2025-10-26 when they go from 3 back to 2.
  static let walls: [(wall: String, instant: String)] = [
    ("2025-01-31T12:00:00Z", "2025-01-31T11:00:00Z"),
    ("2025-07-31T12:00:00.000001Z", "2025-07-31T10:00:00.000001Z"),
    // Never shown: the moment of the change.
    ("2025-03-30T02:30:00Z", "2025-03-30T01:00:00Z"),
    // Shown twice: the first.
    ("2025-10-26T02:30:00Z", "2025-10-26T00:30:00Z"),
    ("1969-12-31T23:00:00Z", "1969-12-31T22:00:00Z"),
  ]

  @Test func `a timestamp of no zone is read by the clocks of the source's`() throws {
    let walls = try Self.walls.map { try Value.time(Instant($0.wall)) } + [.null]
    let instants = try Self.walls.map { try Value.time(Instant($0.instant)) } + [.null]
    #expect(try rows("t", ZoneFiles.rules(of: "Europe/Berlin")) == instants)
    #expect(try rows("t", .utc) == walls)
  }

  @Test func `a timestamp in UTC is the same in every zone`() throws {
    let walls = try Self.walls.map { try Value.time(Instant($0.wall)) } + [.null]
    #expect(try rows("u", ZoneFiles.rules(of: "Europe/Berlin")) == walls)
  }

  @Test func `a column of nothing but nulls fits any type`() throws {
    // Written by pyarrow, which calls the two columns INT32 of the logical type UNKNOWN.
    let path = Self.fixture("all_nulls.parquet")
    for type in [ColumnType.double, .string, .time, .list(.int), .int] {
      let declared = try schema([("customer", .string), ("amount", type), ("event_time", .time)])
      let rows = try RowSources.open(path, declared: declared, zone: .utc).rows()
      #expect(rows == [[.string("a"), .null, .null], [.string("b"), .null, .null]])
    }
  }

  @Test func `all columns that are not as declared are told at once`() throws {
    let declared = try schema([("u", .time), ("t", .int), ("v", .string)])
    let error = #expect(throws: SourceError.self) {
      try RowSources.open(Self.path, declared: declared, zone: .utc)
    }
    #expect(
      error?.reason
        == .otherColumns([
          .init(column: "t", declared: "int", found: "time"),
          .init(column: "v", declared: "string", found: nil),
        ]))
  }

  /// Written by pyarrow: the walls as `t`, without a zone, and as `u`, in UTC, and a null each.
  private static let path = fixture("wall_clocks.parquet")

  private static func fixture(_ name: String) -> String {
    String(#filePath.dropLast("ParquetSourceTests.swift".count)) + "Fixtures/\(name)"
  }

  private func rows(_ column: String, _ zone: ZoneRules) throws -> [Value] {
    try RowSources.open(Self.path, declared: schema([(column, .time)]), zone: zone)
      .rows().map { $0[0] }
  }
}
