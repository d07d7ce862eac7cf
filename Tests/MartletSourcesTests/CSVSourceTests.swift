import MartletColumns
import SeededRandom
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
      "\u{FEFF}x;other;y\n1;?;2\n", [("y", .int), ("x", .int)],
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
    ("[1;2]", .list(.int)), ("[1.5]", .list(.int)), ("[1]", .vector(width: 2)),
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
    var random = SeededGenerator(1)
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
    var random = SeededGenerator(seed)
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
      stream(Array(repeating: UInt8(ascii: "a"), count: 1_000)), CSVOptions(),
      mostBytes: 64, chunk: 16)
    #expect(throws: CSVRecords.Damage(words: "a row is longer than 64 bytes")) {
      try records.skip(1)
    }
  }

  @Test func `batches are as long as asked for`() throws {
    var counts: [Int] = []
    let source = try CSVSource(
      BytesInMemory(Array("n\n1\n2\n3\n".utf8)), named: "a.csv", declared: schema([("n", .int)]))
    try source.read(0..<Int.max, batchRowCount: 2) { counts.append($0.rowCount) }
    #expect(counts == [2, 1])
  }

  @Test func `lists are JSON in a field`() throws {
    try expectRows(
      "l,v\n\"[\"\"a\"\",null]\",\"[1,2.5]\"\n[],\n",
      [("l", .list(.string)), ("v", .vector(width: 2))],
      [[.list([.string("a"), .null]), .vector([1, 2.5])], [.list([]), .null]])
  }

  @Test(arguments: [";", "\t", "|"])
  func `the delimiter is the one that finds the declared columns`(delimiter: Character) throws {
    try expectRows(
      "x\(delimiter)\"other,\"\(delimiter)y\n1\(delimiter)?\(delimiter)2\n",
      [("y", .int), ("x", .int)], [[.int(2), .int(1)]])
  }

  @Test func `options say what null is, that nothing quotes, and the names`() throws {
    try expectRows(
      "NA 1\n\"a NA\n", [("s", .string), ("n", .int)],
      options: CSVOptions(
        delimiter: 32, quote: nil, nullText: Array("NA".utf8), names: ["s", "n"]),
      [[.null, .int(1)], [.string("\"a"), .null]])
  }

  @Test func `of several wrong rows the first is told, whatever its column`() throws {
    try expectRefusal("a,b\n1,1\n1,x\ny,1\n", [("a", .int), ("b", .int)], "`b` in row 2 is `x`")
    try expectRefusal(
      "a,b\n1,1\n1,x\n1\n", [("a", .int), ("b", .int)], "`b` in row 2 is `x`")
  }

  /// Files of records with quoted line ends, cut at every possible size: the parts give the rows of the
  /// whole, and an error counts rows from the beginning of the file.
  @Test(arguments: 0..<50)
  func `stretches are whole records`(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    var text = "s,n\n"
    let count = Int.random(in: 0...20, using: &random)
    for row in 0..<count {
      let inside = ["", "\n", "\"\"", "\n\"\"\n", ",", "é"].randomElement(using: &random) ?? ""
      text += "\"\(inside)\",\(row)\n"
    }
    let bytes = Array(text.utf8)
    for size in 1...max(1, bytes.count / 2) {
      let stretches = try LineStretches(of: size, quote: UInt8(ascii: "\"")).cut(
        BytesInMemory(bytes), chunk: Int.random(in: 1...64, using: &random))
      #expect(stretches.first?.lowerBound == 0 && stretches.last?.upperBound == bytes.count)
      let source = try CSVSource(
        BytesInMemory(bytes), named: "a.csv", declared: schema([("n", .int)]))
      var found: [Value] = []
      for stretch in stretches {
        try source.read(stretch, batchRowCount: 100) { batch in
          found += (0..<batch.rowCount).map { batch.columns[0][$0] }
        }
      }
      #expect(found == (0..<count).map { .int(Int64($0)) }, "seed \(seed), size \(size)")
    }
  }

  @Test func `a wrong row in a later stretch is counted from the file's beginning`() throws {
    let text = "n\n" + (0..<100).map { "\($0)\n" }.joined() + "x\n"
    let source = try CSVSource(
      BytesInMemory(Array(text.utf8)), named: "a.csv", declared: schema([("n", .int)]))
    let stretches = source.stretches(of: 1)
    #expect(stretches.count > 3)
    let error = #expect(throws: SourceError.self) {
      for stretch in stretches { try source.read(stretch, batchRowCount: 10) { _ in } }
    }
    #expect(error?.description.contains("`n` in row 101 is `x`") == true)
  }

  /// All rows by the reader that is judged; `nil` where it refuses them.
  private func fast(_ text: [UInt8], chunk: Int) -> [[SlowCSV.Field]]? {
    var records = CSVRecords(stream(text), CSVOptions(), mostBytes: 1_000, chunk: chunk)
    var rows: [[SlowCSV.Field]] = []
    do {
      while try records.nextRow({ texts in
        rows.append(
          texts.places.map {
            SlowCSV.Field(text: Array(texts.bytes($0)), isQuoted: $0.kind == .quoted)
          })
      }) {}
      return rows
    } catch {
      return nil
    }
  }
}

private func stream(_ bytes: [UInt8]) -> PartStream { PartStream(BytesInMemory(bytes)) }

private func expectRows(
  _ text: String, _ columns: [(String, ColumnType)], options: CSVOptions = CSVOptions(),
  _ rows: [[Value]]
) throws {
  let source = try CSVSource(
    BytesInMemory(Array(text.utf8)), named: "a.csv", declared: schema(columns), options)
  #expect(try source.rows() == rows)
}

private func expectRefusal(
  _ text: String, _ columns: [(String, ColumnType)], _ words: String
) throws {
  let error = #expect(throws: SourceError.self) {
    try CSVSource(
      BytesInMemory(Array(text.utf8)), named: "a.csv", declared: schema(columns)
    ).rows()
  }
  #expect(error?.description.contains(words) == true, "\(error?.description ?? "nothing")")
}
