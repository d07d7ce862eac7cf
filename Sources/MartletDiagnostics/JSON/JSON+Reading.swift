extension JSON {
  /// The document that `bytes` hold, as a value: for small ones, of which everything is wanted.
  ///
  /// A number without a point or an exponent that 64 bits hold is an int, every other a double.
  public init(reading bytes: UnsafeRawBufferPointer) throws(JSONError) {
    var reader = JSONReader(bytes)
    self = try Self.value(&reader)
    try reader.end()
  }

  /// The document that `text` holds.
  public init(reading text: String) throws(JSONError) {
    let bytes = Array(text.utf8)
    let span = bytes.span
    self = try span.withUnsafeBytes { (bytes) throws(JSONError) in try JSON(reading: bytes) }
  }

  /// Goes no deeper than the reader lets it.
  private static func value(_ reader: inout JSONReader) throws(JSONError) -> JSON {
    switch try reader.nextKind() {
    case .null:
      try reader.readNull()
      return .null
    case .bool: return .bool(try reader.readBool())
    case .string: return .string(try reader.readString())
    case .number:
      let start = reader.offset
      let text = try reader.readNumber()
      if let number = DecimalText.int(text) { return .int(number) }
      guard let number = DecimalText(text)?.double else {
        throw JSONError(reason: .numberTooLarge, offset: start)
      }
      return .double(number)
    case .array:
      var elements: [JSON] = []
      try reader.beginArray()
      while try reader.nextElement() { elements.append(try value(&reader)) }
      return .array(elements)
    case .object:
      var members: [Member] = []
      try reader.beginObject()
      while let name = try reader.nextName() { members.append(Member(name, try value(&reader))) }
      return .object(members)
    }
  }
}
