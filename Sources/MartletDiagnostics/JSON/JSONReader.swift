/// Reads JSON from bytes that may be anything, a step at a time: the caller asks for what it expects.
///
///     var reader = JSONReader(bytes)
///     try reader.beginObject()
///     while let name = try reader.nextName() {
///       if name == "amount" { amount = try reader.readDouble() } else { try reader.skip() }
///     }
///     try reader.end()
///
/// It is strict, as RFC 8259 and I-JSON have it: UTF-8 only, pairs of surrogates only, no name twice in
/// an object, nothing behind the document. Nothing recurses: what is open is kept as bits, so that
/// bytes from outside can nest only so deep.
///
/// The text that was read last lies in the bytes or, where escapes had to be undone, in `decoded`;
/// `withText` lends it until the next step.
public struct JSONReader: ~Copyable {
  /// What a value is.
  public enum Kind: Sendable, Equatable { case object, array, string, number, bool, null }

  /// The most objects and arrays that may lie inside one another.
  public static let mostDepth = 64

  /// How many bytes have been read.
  public private(set) var offset = 0

  /// How many objects and arrays are open.
  public private(set) var depth = 0

  private var bytes: UnsafeRawBufferPointer

  /// Of what is open, the objects, the innermost at the lowest bit.
  private var objects: UInt64 = 0

  /// Nothing has been read of what was opened last.
  private var isFirst = false

  private var names = JSONNames()
  private var text = JSONText()

  /// Texts whose escapes are undone: first the names of the objects that are open, then the last text.
  private var decoded: [UInt8] = []

  /// A reader of `bytes`, which must outlive it.
  public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Begins anew with other bytes, which must outlive the reader, and keeps the memory.
  public mutating func restart(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    (offset, depth, objects, isFirst) = (0, 0, 0, false)
    names.removeAll()
    decoded.removeAll(keepingCapacity: true)
  }

  // MARK: Steps

  /// What the value is that comes next.
  public mutating func nextKind() throws(JSONError) -> Kind {
    switch try nextByte() {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    default: throw failure(.expected("a value"))
    }
  }

  /// Steps into an object.
  public mutating func beginObject() throws(JSONError) {
    try take(UInt8(ascii: "{"), "an object")
    try open(1)
    names.begin()
  }

  /// Steps to the next member of the object and over its name, which `withText` lends; steps out of the
  /// object, and says `false`, where there is none.
  public mutating func nextMember() throws(JSONError) -> Bool {
    guard try goOn(before: UInt8(ascii: "}"), "a comma or `}`") else {
      try checkNames()
      names.end()
      return false
    }
    try readText("a name in quotes")
    let mark = withText { JSONNames.mark(of: $0) }
    names.append(text, mark: mark, decodedCount: decoded.count)
    try take(UInt8(ascii: ":"), "a colon")
    return true
  }

  /// Steps into an array.
  public mutating func beginArray() throws(JSONError) {
    try take(UInt8(ascii: "["), "an array")
    try open(0)
  }

  /// Whether the array goes on with an element, which is to be read next; steps out of the array where
  /// not.
  public mutating func nextElement() throws(JSONError) -> Bool {
    try goOn(before: UInt8(ascii: "]"), "a comma or `]`")
  }

  /// Makes sure that nothing but space is left.
  public mutating func end() throws(JSONError) {
    skipSpace()
    guard offset == bytes.count else { throw failure(.goesOn) }
  }

  private mutating func open(_ bit: UInt64) throws(JSONError) {
    guard depth < Self.mostDepth else { throw JSONError(reason: .tooDeep, offset: offset - 1) }
    objects = objects &<< 1 | bit
    depth += 1
    isFirst = true
  }

  private mutating func goOn(
    before closing: UInt8, _ expected: String
  ) throws(JSONError) -> Bool {
    precondition(depth > 0, "nothing is open")
    let byte = try nextByte()
    if byte == closing {
      offset += 1
      depth -= 1
      objects &>>= 1
      isFirst = false
      return false
    }
    if isFirst {
      isFirst = false
      return true
    }
    guard byte == UInt8(ascii: ",") else { throw failure(.expected(expected)) }
    offset += 1
    return true
  }

  private func checkNames() throws(JSONError) {
    guard let twice = names.firstTwice(in: bytes, decoded) else { return }
    let name = twice.withBytes(in: bytes, decoded) { String(decoding: $0, as: UTF8.self) }
    throw JSONError(reason: .duplicateName(name), offset: twice.offset)
  }

  // MARK: Values

  /// Reads a text, which `withText` lends.
  public mutating func readText() throws(JSONError) { try readText("a text in quotes") }

  /// Calls `body` with the text, or the member's name, that was read last.
  public func withText<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try text.withBytes(in: bytes, decoded, body)
  }

  /// Reads a number and returns its digits as they are written; they are good as long as the bytes.
  public mutating func readNumber() throws(JSONError) -> UnsafeRawBufferPointer {
    try readNumberText().text
  }

  /// Reads a number that is written without a point or an exponent, and fits.
  public mutating func readInt() throws(JSONError) -> Int64 {
    let start = try place()
    let (text, isInt) = try readNumberText()
    guard isInt else { throw JSONError(reason: .noInt, offset: start) }
    guard let number = DecimalText.int(text) else {
      throw JSONError(reason: .numberTooLarge, offset: start)
    }
    return number
  }

  /// Reads a number as the nearest double.
  public mutating func readDouble() throws(JSONError) -> Double {
    let start = try place()
    guard let number = DecimalText(try readNumberText().text)?.double else {
      throw JSONError(reason: .numberTooLarge, offset: start)
    }
    return number
  }

  /// Reads `true` or `false`.
  public mutating func readBool() throws(JSONError) -> Bool {
    let isTrue = try nextByte() == UInt8(ascii: "t")
    try take(isTrue ? "true" : "false", "`true` or `false`")
    return isTrue
  }

  /// Reads `null`.
  public mutating func readNull() throws(JSONError) { try take("null", "`null`") }

  /// Steps over `null` where it comes next.
  public mutating func skipNull() throws(JSONError) -> Bool {
    guard try nextByte() == UInt8(ascii: "n") else { return false }
    try readNull()
    return true
  }

  /// Steps over a value, whatever it is and holds.
  public mutating func skip() throws(JSONError) {
    let outside = depth
    try skipOrOpen()
    while depth > outside {
      let isInObject = objects & 1 == 1
      if isInObject ? try nextMember() : try nextElement() { try skipOrOpen() }
    }
  }

  private mutating func skipOrOpen() throws(JSONError) {
    switch try nextKind() {
    case .object: try beginObject()
    case .array: try beginArray()
    case .string: try readText()
    case .number: _ = try readNumber()
    case .bool: _ = try readBool()
    case .null: try readNull()
    }
  }

  private mutating func readText(_ expected: String) throws(JSONError) {
    try take(UInt8(ascii: "\""), expected)
    // Most texts have no escapes, and then there is nothing to take away.
    let kept = names.decodedCount(decoded.count)
    if kept < decoded.count { decoded.removeLast(decoded.count - kept) }
    text = try JSONText(in: bytes, from: offset, decoding: &decoded)
    offset = text.end + 1
  }

  private mutating func readNumberText() throws(JSONError) -> (
    text: UnsafeRawBufferPointer, isInt: Bool
  ) {
    let start = try place()
    guard try nextKind() == .number else { throw failure(.expected("a number")) }
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let isZero = offset < bytes.count && bytes[offset] == UInt8(ascii: "0")
    let digitCount = skipDigits()
    var isGood = digitCount == 1 || digitCount > 1 && !isZero
    var isInt = true
    if skip(UInt8(ascii: ".")) {
      isGood = skipDigits() > 0 && isGood
      isInt = false
    }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      if !skip(UInt8(ascii: "-")) { _ = skip(UInt8(ascii: "+")) }
      isGood = skipDigits() > 0 && isGood
      isInt = false
    }
    guard isGood else { throw JSONError(reason: .badNumber, offset: start) }
    return (UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), isInt)
  }

  // MARK: Bytes

  private func failure(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason: reason, offset: offset)
  }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  /// Where the next value begins.
  private mutating func place() throws(JSONError) -> Int {
    _ = try nextByte()
    return offset
  }

  private mutating func nextByte() throws(JSONError) -> UInt8 {
    skipSpace()
    guard offset < bytes.count else { throw failure(.truncated) }
    return bytes[offset]
  }

  private mutating func take(_ byte: UInt8, _ expected: String) throws(JSONError) {
    guard try nextByte() == byte else { throw failure(.expected(expected)) }
    offset += 1
  }

  private mutating func take(_ word: StaticString, _ expected: String) throws(JSONError) {
    _ = try nextByte()
    let isThere = word.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    guard isThere else { throw failure(.expected(expected)) }
    offset += word.utf8CodeUnitCount
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private mutating func skipDigits() -> Int {
    let start = offset
    while offset < bytes.count, bytes[offset] &- 0x30 < 10 { offset += 1 }
    return offset - start
  }
}

extension JSONReader {
  /// Reads a text as a string of its own.
  public mutating func readString() throws(JSONError) -> String {
    try readText()
    return withText { String(decoding: $0, as: UTF8.self) }
  }

  /// The name of the object's next member, as a string of its own; `nil` where there is none.
  public mutating func nextName() throws(JSONError) -> String? {
    guard try nextMember() else { return nil }
    return withText { String(decoding: $0, as: UTF8.self) }
  }
}
