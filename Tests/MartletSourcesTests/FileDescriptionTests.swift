import MartletColumns
import MartletParquet
@testable import MartletSources
import Testing

struct FileDescriptionTests {
  static let texts: [(texts: [String], type: ColumnType?)] = [
    (["1", "", "-20"], .int), (["1", "2.5"], .double), (["1e3", "nan"], .double),
    (["true", "false"], .bool), (["true", "1"], .string), (["2025-01-31", ""], .time),
    (["2025-01-31 10:00:00", "2025-02-30"], .string), (["", ""], nil), (["a", "1"], .string),
    // What a number would change is a text.
    (["007"], .string), (["12345678901234567890"], .string), (["1", "+1"], .string),
    (["00.5"], .string), (["0.5", "0"], .double), (["1", "True"], .string),
  ]

  @Test(arguments: texts)
  func `a column of CSV has the narrowest type that all its texts have`(
    texts: [String], type: ColumnType?
  ) throws {
    let text = "id,v\n" + texts.enumerated().map { "\($0),\($1)\n" }.joined()
    let description = try describe(text, .csv)
    #expect(description.columns.map(\.name) == ["id", "v"])
    #expect(description.columns[1].type == type)
    #expect(description.columns[1].nullCount == texts.count { $0.isEmpty })
    // What is described can be read as it is described.
    let schema = try #require(description.schema)
    let rows = try CSVSource(BytesInMemory(Array(text.utf8)), named: "a.csv", declared: schema)
      .rows()
    #expect(rows.count == texts.count)
  }

  @Test func `members of JSON have the type that all their values have`() throws {
    let text = #"""
      {"i":1,"d":1,"b":true,"s":"x","t":"2025-01-31","l":[1,2],"o":{"x":"2025-01-31","n":null},"m":1}
      {"i":2,"d":2.5,"b":false,"s":"2025-01-31","t":null,"l":[null,0.5],"o":{"x":"y"},"m":"1","k":[]}
      """#
    let description = try describe(text, .jsonLines)
    let found = description.columns.map { ($0.name, $0.type) }
    let expected: [(String, ColumnType?)] = [
      ("i", .int), ("d", .double), ("b", .bool), ("s", .string), ("t", .time),
      ("l", .list(.double)), ("o.x", .string), ("o.n", nil), ("m", nil), ("k", .list(.string)),
    ]
    #expect(found.map(\.0) == expected.map(\.0))
    #expect(found.map(\.1) == expected.map(\.1))
    #expect(
      description.columns.map(\.remark).compactMap(\.self)
        == ["it holds nulls only", "its values have no type in common"])
    #expect(description.columns.map(\.nullCount) == [0, 0, 0, 0, 1, 0, 0, 2, 0, 1])
  }

  @Test func `Parquet says its types itself`() throws {
    let path = String(#filePath.dropLast("FileDescriptionTests.swift".count))
    let description = try FileDescription(of: path + "Fixtures/wall_clocks.parquet")
    #expect(description.columns.map(\.name) == ["t", "u"])
    #expect(description.columns.map(\.type) == [.time, .time])
    #expect(description.columns.map(\.nullCount) == [1, 1])
    #expect(description.isWhole && description.rowCount == 6)
  }

  @Test func `names and values say which columns may be the time, the id and a key`() throws {
    let description = try describe(
      """
      order_id,customer_id,created_at,event_time,note_id,other
      1,7,2025-01-01,2025-01-01,,2025-01-01
      2,7,2025-01-01,2025-01-01,x,2025-01-01
      """, .csv)
    #expect(description.timeCandidates == ["event_time", "created_at", "other"])
    #expect(description.idCandidates == ["order_id"])
    #expect(description.keyCandidates == ["customer_id", "note_id"])
  }

  @Test(arguments: [FileFormat.Kind.csv, .jsonLines])
  func `no more rows are looked at than the limit`(kind: FileFormat.Kind) throws {
    let text = kind == .csv ? "a\n1\n2\nx\n" : "{\"a\":1}\n{\"a\":2}\n{\"a\":\"x\"}\n"
    let bytes = BytesInMemory(Array(text.utf8))
    let part = try FileDescription(of: bytes, named: "a", FileFormat(kind), rowLimit: 2)
    #expect(part.columns[0].type == .int && part.rowCount == 2 && !part.isWhole)
    let whole = try FileDescription(of: bytes, named: "a", FileFormat(kind), rowLimit: nil)
    #expect(whole.columns[0].type != .int && whole.rowCount == 3 && whole.isWhole)
  }

  private func describe(_ text: String, _ kind: FileFormat.Kind) throws -> FileDescription {
    try FileDescription(of: BytesInMemory(Array(text.utf8)), named: "a", FileFormat(kind))
  }
}
