import MartletColumns
import MartletParquet
import SeededRandom
@testable import MartletSources
import Testing

struct TableWriterTests {
  static let fields: [(String, ColumnType)] = [
    ("b", .bool), ("i", .int), ("d", .double), ("s,\"", .string), ("t", .time), ("y", .bytes),
    ("l", .list(.string)), ("v", .vector(width: 2)),
  ]

  static let rows: [[Value]] = [
    [
      .bool(true), .int(.min), .double(0.1), .string("a,\"b\"\r\n\t\\é"),
      .time(Instant(microseconds: -1)), .bytes([0, 255]), .list([.string("x,\""), .null]),
      .vector([1.5, -2]),
    ],
    [
      .bool(false), .int(.max), .double(-.infinity), .string(""),
      .time(Instant(microseconds: 1_735_689_600_500_000)), .bytes([]), .list([]), .vector([0, 0]),
    ],
    Array(repeating: .null, count: 8),
    [
      .null, .int(0), .double(-0.0), .string("nan"), .time(Instant(microseconds: .max)), .null,
      .null, .null,
    ],
  ]

  @Test(arguments: FileFormat.Kind.allCases)
  func `what is written is read as the same values`(kind: FileFormat.Kind) throws {
    let schema = try schema(Self.fields)
    let columns = try schema.fields.enumerated().map { place, field in
      try #require(Column(field.type, Self.rows.map { $0[place] }))
    }
    var bytes: [UInt8] = []
    let writer = TableWriters.make(kind, schema) { part in
      bytes += part.withUnsafeBytes { Array($0) }
    }
    let batch = Batch(schema, columns, rowCount: Self.rows.count)
    try writer.append(batch.slice(0..<3))
    try writer.append(batch.slice(3..<4))
    try writer.finish()
    let source = try RowSources.open(
      BytesInMemory(bytes), named: "a", FileFormat(kind), declared: schema, zone: .utc)
    #expect(try "\(source.rows())" == "\(Self.rows)")
  }

  @Test func `CSV and JSON Lines read as people write them`() throws {
    let schema = try schema([("a", .int), ("b", .string), ("t", .time)])
    let columns = try [
      #require(Column(.int, [.int(1), .null])),
      #require(Column(.string, [.string("x"), .string("y z")])),
      #require(Column(.time, [.time(Instant("2025-01-31T10:00:00.25Z")), .null])),
    ]
    var texts: [String] = []
    for kind in [FileFormat.Kind.csv, .tsv, .jsonLines] {
      var bytes: [UInt8] = []
      let writer = TableWriters.make(kind, schema) { bytes += $0.withUnsafeBytes { Array($0) } }
      try writer.append(Batch(schema, columns, rowCount: 2))
      try writer.finish()
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    #expect(texts[0] == "a,b,t\n1,x,2025-01-31T10:00:00.25Z\n,y z,\n")
    #expect(texts[1] == "a\tb\tt\n1\tx\t2025-01-31T10:00:00.25Z\n\ty z\t\n")
    #expect(
      texts[2] == """
        {"a":1,"b":"x","t":"2025-01-31T10:00:00.25Z"}
        {"a":null,"b":"y z","t":null}

        """)
  }

  @Test(arguments: 0..<200)
  func `times are written as elsewhere`(seed: UInt64) {
    var random = SeededGenerator(seed)
    for shift in 0..<60 {
      let microseconds = Int64(bitPattern: random.next()) >> shift
      var bytes: [UInt8] = []
      CellText.append(time: microseconds, to: &bytes)
      #expect(
        String(decoding: bytes, as: UTF8.self) == Instant(microseconds: microseconds).description)
    }
  }
}
