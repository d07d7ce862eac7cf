import Glibc
import MartletColumns
import Testing

import MartletParquet
@testable import MartletSources

struct CSVSourceTests {
  @Test func `a field without bytes is null and an empty text is not`() throws {
    try expectRows(
      "s,n\n,1\n\"\",\n", [("s", .string), ("n", .int)],
      [
        [.null, .int(1)], [.string(""), .null],
      ])
  }

  @Test func `quotes hold delimiters, line ends and doubled quotes`() throws {
    try expectRows(
      "s,n\r\n\"a,\"\"b\"\"\r\nc\",1\r\n\"\"\"\",2", [("s", .string), ("n", .int)],
      [
        [.string("a,\"b\"\r\nc"), .int(1)], [.string("\""), .int(2)],
      ])
  }

  @Test func `columns are found by name behind a byte order mark`() throws {
    try expectRows(
      "\u{FEFF}x;other;y\n1;?;2\n", [("y", .int), ("x", .int)], delimiter: ";",
      [
        [.int(2), .int(1)]
      ])
  }

  @Test func `each type has its way of writing`() throws {
    try expectRows(
      "b,i,d,t,y\ntrue,-9223372036854775808,1e-7,1970-01-02,00fF\n",
      [("b", .bool), ("i", .int), ("d", .double), ("t", .time), ("y", .bytes)],
      [
        [
          .bool(true), .int(.min), .double(1e-7), .time(Instant(microseconds: 86_400_000_000)),
          .bytes([0, 255]),
        ]
      ])
  }

  @Test(arguments: [
    ("9223372036854775808", ColumnType.int), ("1.0", .int), (" 1", .int), ("-", .int),
    ("1e400", .double), ("0x10", .double), ("1e", .double), (".", .double), ("1e+-3", .double),
    ("True", .bool), ("2025-02-30", .time), ("0", .bytes), ("0g", .bytes),
  ])
  func `what is no value of the type is refused`(text: String, type: ColumnType) throws {
    try expectRefusal("v\n\(text)\n", [("v", type)], "`v` in row 1 is `\(text)`")
  }

  @Test(arguments: [
    ("a,b\n1\n", "row 1: it has 1 fields, the header 2"),
    ("a,b\n1,2\n\"3\"x,4\n", "row 2: a field goes on behind its closing quote"),
    ("a,b\n1,2\n3,\"4\n", "row 2: a quote is not closed"),
    ("a,b\n1\"2\",3\n", "row 1: a quote stands in a field that does not begin with one"),
    ("a,b\n1,2\rx", "row 1: a carriage return stands without a line feed"),
    ("a\n1\n", "`b` is declared as int, the file has no such column"),
    ("a,b,a\n1,2,3\n", "`a` is declared as int, the file has 2 columns of that name"),
    ("", "`a` is declared as int, the file has no such column"),
  ])
  func `what is wrong is said with its place`(text: String, words: String) throws {
    try expectRefusal(text, [("a", .int), ("b", .int)], words)
  }

  @Test func `doubles are the nearest to what is written`() {
    var random = SplitMix(state: 1)
    for _ in 0..<20_000 {
      let text = random.decimal()
      let expected = Double(text).flatMap { $0.isFinite ? $0 : nil }
      let found = text.utf8.span.withUnsafeBytes { FieldText.double($0) }
      #expect(found?.bitPattern == expected?.bitPattern, "\(text)")
    }
  }

  @Test(arguments: 0..<400)
  func `agrees with a slow reader on any bytes, however few are read at a time`(seed: UInt64) throws
  {
    var random = SplitMix(state: seed)
    for _ in 0..<10 {
      let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        Array("ab,,\"\"\"\"\n\n\r".utf8).randomElement(using: &random) ?? 0
      }
      let slow = SlowCSV.rows(text)
      for chunk in [1, 2, 3, 100] {
        #expect(fast(text, chunk: chunk) == slow, "seed \(seed): \(text)")
      }
    }
  }

  @Test func `a row that does not end is refused before it fills the memory`() {
    var records = CSVRecords(
      BytesInMemory(Array(repeating: UInt8(ascii: "a"), count: 1_000)), delimiter: 44,
      mostBytes: 64, chunk: 16)
    #expect(throws: CSVRecords.Damage(words: "a row is longer than 64 bytes")) {
      try records.next()
    }
  }

  @Test func `batches are as long as asked for`() throws {
    try withFile("n\n1\n2\n3\n") { path in
      var counts: [Int] = []
      try CSVSource(path, declared: schema([("n", .int)])).read(batchRowCount: 2) {
        counts.append($0.rowCount)
      }
      #expect(counts == [2, 1])
    }
  }

  /// All rows by the reader that is judged; `nil` where it refuses them.
  private func fast(_ text: [UInt8], chunk: Int) -> [[SlowCSV.Field]]? {
    var records = CSVRecords(BytesInMemory(text), delimiter: 44, mostBytes: 1_000, chunk: chunk)
    var rows: [[SlowCSV.Field]] = []
    do {
      while try records.next() {
        rows.append(
          records.withBytes { bytes in
            records.fields.map {
              SlowCSV.Field(text: Array(bytes[$0.bytes]), isQuoted: $0.isQuoted)
            }
          })
      }
      return rows
    } catch {
      return nil
    }
  }
}

private func schema(_ columns: [(String, ColumnType)]) throws -> Schema {
  try #require(Schema(columns.map { Field($0.0, $0.1) }))
}

private func expectRows(
  _ text: String, _ columns: [(String, ColumnType)], delimiter: Character = ",", _ rows: [[Value]]
) throws {
  try withFile(text) { path in
    let source = try CSVSource(
      path, declared: schema(columns), delimiter: delimiter.asciiValue ?? 0)
    var found: [[Value]] = []
    try source.read(batchRowCount: 65_536) { batch in
      found += (0..<batch.rowCount).map { row in batch.columns.map { $0[row] } }
    }
    #expect(found == rows)
  }
}

private func expectRefusal(
  _ text: String, _ columns: [(String, ColumnType)], _ words: String
) throws {
  try withFile(text) { path in
    let error = #expect(throws: SourceError.self) {
      try CSVSource(path, declared: schema(columns)).read(batchRowCount: 65_536) { _ in }
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "nothing")")
  }
}

private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
  var name = Array("/tmp/martlet-csv-\(String(repeating: "X", count: 6))".utf8CString)
  let number = mkstemp(&name)
  try #require(number >= 0)
  let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  defer { unlink(path) }
  let bytes = Array(text.utf8)
  #expect(write(number, bytes, bytes.count) == bytes.count)
  close(number)
  try body(path)
}
