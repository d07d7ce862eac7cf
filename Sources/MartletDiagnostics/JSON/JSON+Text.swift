extension JSON {
  /// The document on one line.
  public var text: String {
    var bytes: [UInt8] = []
    JSON.append(self, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The document with a member or element a line, for people who look at it.
  public var indentedText: String {
    var bytes: [UInt8] = []
    JSON.append(self, to: &bytes, depth: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `value` as JSON, on one line when `depth` is `nil`.
  private static func append(_ value: JSON, to bytes: inout [UInt8], depth: Int? = nil) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .int(let number): bytes += number.description.utf8
    case .double(let number): append(number, to: &bytes)
    case .string(let text): append(text, to: &bytes)
    case .array(let elements):
      enclose(elements, in: ("[", "]"), to: &bytes, depth: depth) { element, bytes, depth in
        append(element, to: &bytes, depth: depth)
      }
    case .object(let members):
      enclose(members, in: ("{", "}"), to: &bytes, depth: depth) { member, bytes, depth in
        append(member.name, to: &bytes)
        bytes += (depth == nil ? ":" : ": ").utf8
        append(member.value, to: &bytes, depth: depth)
      }
    }
  }

  private static func enclose<Part>(
    _ parts: [Part], in brackets: (String, String), to bytes: inout [UInt8], depth: Int?,
    appending append: (Part, inout [UInt8], Int?) -> Void
  ) {
    let inner = depth.map { $0 + 1 }
    bytes += brackets.0.utf8
    for (index, part) in parts.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(to: &bytes, depth: inner)
      append(part, &bytes, inner)
    }
    if !parts.isEmpty { breakLine(to: &bytes, depth: depth) }
    bytes += brackets.1.utf8
  }

  private static func breakLine(to bytes: inout [UInt8], depth: Int?) {
    guard let depth else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  /// The shortest digits that read back as the same double; what JSON cannot say is null.
  private static func append(_ number: Double, to bytes: inout [UInt8]) {
    bytes += (number.isFinite ? number.description : "null").utf8
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += #"\""#.utf8
      case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
      case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
      case UInt8(ascii: "\t"): bytes += #"\t"#.utf8
      case UInt8(ascii: "\r"): bytes += #"\r"#.utf8
      case 0..<0x20, 0x7F:
        bytes += #"\u00"#.utf8
        for digit in [byte >> 4, byte & 15] { bytes += String(digit, radix: 16).utf8 }
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
