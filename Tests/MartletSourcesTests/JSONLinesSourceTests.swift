import MartletColumns
import MartletParquet
@testable import MartletSources
import Testing

struct JSONLinesSourceTests {
  @Test func `each type has its way of writing, and the order of members is free`() throws {
    try expectRows(
      """
      {"b":true,"i":-9223372036854775808,"d":1e-7,"s":"a\\u00e9\\n","t":"1970-01-02","y":"00fF"}
      {"y":"","t":"1970-01-01T01:00+01:00","s":"","d":3,"i":0,"b":false}
      """,
      [
        ("b", .bool), ("i", .int), ("d", .double), ("s", .string), ("t", .time), ("y", .bytes),
      ],
      [
        [
          .bool(true), .int(.min), .double(1e-7), .string("aé\n"),
          .time(Instant(microseconds: 86_400_000_000)), .bytes([0, 255]),
        ],
        [
          .bool(false), .int(0), .double(3), .string(""), .time(Instant(microseconds: 0)),
          .bytes([]),
        ],
      ])
  }

  @Test func `what is null or not there is null`() throws {
    try expectRows(
      "{\"a\":1,\"b\":null}\r\n{\"b\":\"x\",\"c\":[1,{}]}\n{}\n", [("a", .int), ("b", .string)],
      [[.int(1), .null], [.null, .string("x")], [.null, .null]])
  }

  @Test func `a point in a name leads into an object`() throws {
    try expectRows(
      #"""
      {"id":1,"at":{"lat":1.5,"deep":{"x":"a"},"lon":2}}
      {"at":{"lon":4,"lat":3},"id":2,"at.deep.x":"b"}
      {"id":3,"at":null}
      """#,
      [("at.lon", .double), ("id", .int), ("at.deep.x", .string), ("at.lat", .double)],
      [
        [.double(2), .int(1), .string("a"), .double(1.5)],
        [.double(4), .int(2), .string("b"), .double(3)], [.null, .int(3), .null, .null],
      ])
  }

  @Test func `lists and vectors are arrays, and what is not finite is in quotes`() throws {
    try expectRows(
      #"""
      {"l":["a",null,"\""],"v":[1,2.5],"d":"nan"}
      {"l":[],"v":null,"d":"-inf"}
      """#,
      [("l", .list(.string)), ("v", .vector(width: 2)), ("d", .double)],
      [
        [.list([.string("a"), .null, .string("\"")]), .vector([1, 2.5]), .double(.nan)],
        [.list([]), .null, .double(-.infinity)],
      ])
  }

  static let values: [(text: String, type: ColumnType)] = [
    ("9223372036854775808", .int), ("1.0", .int), ("1e2", .int), ("1e400", .double),
    ("\"2025-02-30\"", .time), ("\"0g\"", .bytes), ("\"1.5\"", .double), ("[1.5]", .list(.int)),
    ("[1]", .vector(width: 2)), ("[1e300,1]", .vector(width: 2)),
  ]

  @Test(arguments: values)
  func `what is no value of the type is refused with its row`(text: String, type: ColumnType) throws
  {
    try expectRefusal("{\"v\":null}\n{\"v\":\(text)}\n", [("v", type)], "`v` in row 2 is `")
  }

  static let damages: [(text: String, words: String)] = [
    ("{\"a\":1}\n\n{\"a\":2}", "row 2: column 1: the JSON ends too early"),
    ("{\"a\":1}\n[1]\n", "row 2: column 1: an object is expected"),
    ("{\"a\":1}{\"a\":1}\n", "row 1: column 8: something follows the JSON"),
    ("{\"a\":1,\n\"b\":2}\n", "row 1: column 8: the JSON ends too early"),
    ("{\"a\":1}\n{\"b\":1,\"b\":2}\n", "row 2: column 9: the object has `b` twice"),
    ("{\"a\":1,\"x\":\"\\ud800\"}", "row 1: column 13: the escape is half of a pair"),
  ]

  @Test(arguments: damages)
  func `what is wrong is said with its place`(text: String, words: String) throws {
    try expectRefusal(text, [("a", .int)], words)
  }

  @Test func `all columns that are not as declared are told at once, before any row`() throws {
    let text = """
      {"a":"x","b":null,"c":{"d":1},"e":1}
      {"a":"y","b":true,"c":{"d":2},"e":2}
      """
    let declared = try schema([("a", .int), ("b", .string), ("c", .int), ("e", .int), ("f", .int)])
    let error = #expect(throws: SourceError.self) {
      try JSONLinesSource(BytesInMemory(Array(text.utf8)), named: "a.jsonl", declared: declared)
    }
    #expect(
      error?.reason
        == .otherColumns([
          .init(column: "a", declared: "int", found: "a text"),
          .init(column: "b", declared: "string", found: "`true` or `false`"),
          .init(column: "c", declared: "int", found: "an object"),
          .init(column: "f", declared: "int", found: nil),
        ]))
  }

  @Test func `a file without rows has every column`() throws {
    try expectRows("", [("a", .int)], [])
  }

  @Test func `stretches are whole lines, and count rows from the file's beginning`() throws {
    let lines = (0..<200).map { "{\"n\":\($0),\"s\":\"\\n\"}\n" }.joined()
    let source = try source(lines, [("n", .int)])
    #expect(source.stretches(of: 1).count > 10)
    #expect(try source.rows(stretchRowCount: 1) == (0..<200).map { [.int(Int64($0))] })
    let error = #expect(throws: SourceError.self) {
      try self.source(lines + "{\"n\":true}", [("n", .int)]).rows(stretchRowCount: 1)
    }
    #expect(error?.description.contains("`n` in row 201 is `true`") == true)
  }

  @Test(arguments: [1, 2, 3, 7, 64])
  func `however few bytes are read at a time, the rows are the same`(chunk: Int) throws {
    let text = #"{"a":"é\n\"","b":12}"# + "\n" + #"{"b":-3,"c":[1]}"# + "\n" + #"{"a":""}"#
    var lines = JSONLines(
      PartStream(BytesInMemory(Array(text.utf8))), ["a", "b"], mostBytes: 64, chunk: chunk)
    var found: [[String]] = []
    while try lines.next(
      2,
      { rows in
        found += (0..<rows.count).map { row in
          (0..<2).map { column in
            let place = rows.places[row * 2 + column]
            return place.isNull ? "-" : String(decoding: rows.bytes(place), as: UTF8.self)
          }
        }
      })
    {}
    #expect(found == [["é\n\"", "12"], ["-", "-3"], ["", "-"]])
  }

  @Test func `a line that does not end is refused before it fills the memory`() {
    var lines = JSONLines(
      PartStream(BytesInMemory(Array(repeating: 32, count: 1_000))), [], mostBytes: 64, chunk: 16)
    #expect(throws: JSONLines.Damage(words: "a line is longer than 64 bytes")) { try lines.skip() }
  }

  private func source(_ text: String, _ columns: [(String, ColumnType)]) throws -> JSONLinesSource {
    try JSONLinesSource(
      BytesInMemory(Array(text.utf8)), named: "a.jsonl", declared: schema(columns))
  }

  private func expectRows(
    _ text: String, _ columns: [(String, ColumnType)], _ rows: [[Value]]
  ) throws {
    #expect(try "\(source(text, columns).rows())" == "\(rows)")
  }

  private func expectRefusal(
    _ text: String, _ columns: [(String, ColumnType)], _ words: String
  ) throws {
    let error = #expect(throws: SourceError.self) { try source(text, columns).rows() }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "nothing")")
  }
}
