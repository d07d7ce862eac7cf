import MartletDiagnostics
import Testing

struct JSONReaderTests {
  @Test func `members are read as they come, and what is not wanted is stepped over`() throws {
    try reading(#" { "a" : 1 , "skipped" : [ {"x": [1, "]}", null]} , true ] , "b" : "é" } "#) {
      reader throws(JSONError) in
      try reader.beginObject()
      #expect(try reader.nextName() == "a")
      #expect(try reader.readInt() == 1)
      #expect(try reader.nextName() == "skipped")
      try reader.skip()
      #expect(try reader.nextName() == "b")
      #expect(try reader.readString() == "é")
      #expect(try reader.nextName() == nil)
      try reader.end()
    }
  }

  @Test func `what is written is read again`() throws {
    let document: JSON = [
      "b": 1, "a": [true, nil, 0.1, 1e300, .double(-0.0)], "text": "say \"hé\"\n\\\u{1}\u{7F}",
      "none": [:], "also none": [], "least": .int(.min), "𝄞": "\u{10FFFF}",
    ]
    #expect(try JSON(reading: document.text) == document)
    #expect(try JSON(reading: document.indentedText) == document)
  }

  @Test func `escapes are undone`() throws {
    #expect(
      try JSON(reading: #""\"\\\/\b\f\n\r\t\u0041\u00e9\uD834\uDD1E""#)
        == .string("\"\\/\u{8}\u{C}\n\r\tAé𝄞"))
  }

  static let refusals: [(text: String, reason: JSONError.Reason, offset: Int)] = [
    ("", .truncated, 0), ("[1", .truncated, 2), (#"{"a""#, .truncated, 4), (#""ab"#, .truncated, 3),
    ("\"abc\\", .truncated, 5), (#""\u12"#, .truncated, 5), ("1 2", .goesOn, 2),
    ("[1,]", .expected("a value"), 3), ("[,1]", .expected("a value"), 1),
    ("[1 2]", .expected("a comma or `]`"), 3), ("{,}", .expected("a name in quotes"), 1),
    (#"{"a":1,}"#, .expected("a name in quotes"), 7), ("{a:1}", .expected("a name in quotes"), 1),
    (#"{"a" 1}"#, .expected("a colon"), 5), ("[}", .expected("a value"), 1),
    ("tru", .expected("`true` or `false`"), 0), ("nul", .expected("`null`"), 0),
    ("True", .expected("a value"), 0), ("NaN", .expected("a value"), 0),
    ("01", .badNumber, 0), ("-", .badNumber, 0), ("1.", .badNumber, 0), ("1e", .badNumber, 0),
    ("[-.5]", .badNumber, 1), ("1e+", .badNumber, 0), ("+1", .expected("a value"), 0),
    (".5", .expected("a value"), 0), ("0x1", .goesOn, 1), ("1e400", .numberTooLarge, 0),
    (#""\x""#, .badEscape, 1), (#""\u00g0""#, .badEscape, 1), (#""a\ud834""#, .loneSurrogate, 2),
    (#""\udd1e""#, .loneSurrogate, 1), (#""\ud834\u0041""#, .loneSurrogate, 1),
    ("\"a\tb\"", .controlCharacter, 2), ("\"123456789\u{0}\"", .controlCharacter, 10),
    (#"{"a":1,"b":2,"a":3}"#, .duplicateName("a"), 14),
    (#"{"a":1,"\u0061":3}"#, .duplicateName("a"), 8),
    (#"{"\u0062":{"\u0062":1},"b":3}"#, .duplicateName("b"), 24),
    (String(repeating: "[", count: 65), .tooDeep, 64),
  ]

  @Test(arguments: refusals)
  func `what is no JSON is refused with its place`(
    text: String, reason: JSONError.Reason, offset: Int
  ) {
    #expect(throws: JSONError(reason: reason, offset: offset)) { try JSON(reading: text) }
  }

  @Test(arguments: [
    [0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
  ])
  func `bytes that are no unicode are refused`(wrong: [UInt8]) {
    let bytes = Array("\"aé".utf8) + wrong + Array("\"".utf8)
    #expect(throws: JSONError(reason: .noUnicode, offset: 4)) {
      let span = bytes.span
      _ = try span.withUnsafeBytes { (bytes) throws(JSONError) in try JSON(reading: bytes) }
    }
  }

  @Test func `names that stand in another object are not twice here`() throws {
    #expect(throws: Never.self) {
      try JSON(reading: #"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":3},"\u0063":{"c":1}}"#)
    }
  }

  @Test(arguments: [3, 24, 25, 1_000])
  func `one name twice is found among few and among many`(count: Int) throws {
    let members = (0..<count).map { "\"name\($0)\":\($0)" }
    let whole = "{" + members.joined(separator: ",")
    #expect(throws: Never.self) { try JSON(reading: whole + "}") }
    #expect(throws: JSONError(reason: .duplicateName("name1"), offset: whole.utf8.count + 2)) {
      try JSON(reading: whole + ",\"name1\":0}")
    }
  }

  @Test func `ints are exact, and what is none is refused`() throws {
    #expect(try int("9223372036854775807") == .max)
    #expect(try int("-9223372036854775808") == .min)
    #expect(throws: JSONError(reason: .numberTooLarge, offset: 0)) {
      try int("9223372036854775808")
    }
    #expect(throws: JSONError(reason: .noInt, offset: 1)) { try int(" 1.0") }
    #expect(throws: JSONError(reason: .noInt, offset: 0)) { try int("1e2") }
    #expect(throws: JSONError(reason: .expected("a number"), offset: 0)) { try int("\"1\"") }
  }

  @Test func `a place is counted in lines and columns`() {
    let text = Array("{\n \"a\": x}".utf8)
    #expect(
      text.withUnsafeBytes { bytes in
        JSONError(reason: .truncated, offset: 8).place(in: bytes) == (2, 7)
      })
  }

  /// Every document of a few pieces: the reader that answers yes agrees with one of plain recursion.
  @Test func `agrees with a slow reader on all short documents`() {
    let pieces = ["[", "]", "{", "}", ",", ":", "1", "\"a\"", "\"b\"", " "]
    func tryAll(_ text: String, _ left: Int) {
      let isRead = (try? JSON(reading: text)) != nil  // The reason is other tests' business.
      #expect(isRead == SlowJSON.isDocument(text), "\(text)")
      guard left > 0 else { return }
      for piece in pieces { tryAll(text + piece, left - 1) }
    }
    tryAll("", 4)
    tryAll("{\"a\":", 4)
  }

  private func int(_ text: String) throws(JSONError) -> Int64 {
    try reading(text) { reader throws(JSONError) in try reader.readInt() }
  }
}

private func reading<Result>(
  _ text: String, _ body: (inout JSONReader) throws(JSONError) -> Result
) throws(JSONError) -> Result {
  let bytes = Array(text.utf8)
  let span = bytes.span
  return try span.withUnsafeBytes { (bytes) throws(JSONError) in
    var reader = JSONReader(bytes)
    return try body(&reader)
  }
}

/// The grammar as the RFC has it, over the pieces that the test puts together.
private enum SlowJSON {
  static func isDocument(_ text: String) -> Bool {
    var rest = Array(text)[...]
    return value(&rest) && space(&rest) && rest.isEmpty
  }

  private static func space(_ rest: inout ArraySlice<Character>) -> Bool {
    rest = rest.drop { $0 == " " }
    return true
  }

  private static func take(_ character: Character, _ rest: inout ArraySlice<Character>) -> Bool {
    _ = space(&rest)
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private static func name(_ rest: inout ArraySlice<Character>) -> Character? {
    guard take("\"", &rest), let name = rest.popFirst(), rest.popFirst() == "\"" else { return nil }
    return name
  }

  private static func number(_ rest: inout ArraySlice<Character>) -> Bool {
    let count = rest.prefix { $0 == "1" }.count
    rest.removeFirst(count)
    return count > 0
  }

  private static func value(_ rest: inout ArraySlice<Character>) -> Bool {
    _ = space(&rest)
    switch rest.first {
    case "1": return number(&rest)
    case "\"": return name(&rest) != nil
    case "[":
      rest.removeFirst()
      if take("]", &rest) { return true }
      repeat { guard value(&rest) else { return false } } while take(",", &rest)
      return take("]", &rest)
    case "{":
      rest.removeFirst()
      if take("}", &rest) { return true }
      var names: Set<Character> = []
      repeat {
        guard let name = name(&rest), names.insert(name).inserted, take(":", &rest), value(&rest)
        else { return false }
      } while take(",", &rest)
      return take("}", &rest)
    default: return false
    }
  }
}
