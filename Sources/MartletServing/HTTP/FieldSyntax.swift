/// The alphabets of RFC 9110, asked a byte at a time.
enum FieldSyntax {
  // A bit for each of the 128 ASCII characters that may stand in a name: letters, digits and
  // !#$%&'*+-.^_`|~
  private static let lowTokens: UInt64 = mask("!#$%&'*+-.0123456789", from: 0)
  private static let highTokens: UInt64 = mask(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~", from: 64)

  private static func mask(_ characters: StaticString, from first: UInt8) -> UInt64 {
    characters.withUTF8Buffer { $0.reduce(0) { $0 | 1 &<< UInt64($1 - first) } }
  }

  /// Whether a method or a field's name may hold `byte`.
  @inline(__always)
  static func isToken(_ byte: UInt8) -> Bool {
    guard byte < 128 else { return false }
    let word = byte < 64 ? lowTokens : highTokens
    return word &>> UInt64(byte & 63) & 1 == 1
  }

  /// Whether a field's value may hold `byte`: no control character but the tab.
  @inline(__always)
  static func isValue(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

  /// Whether a request's target may hold `byte`: a character that can be seen, and no fragment.
  @inline(__always)
  static func isTarget(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != 0x23 }

  /// Whether the bytes at `range` are `word`, which is in lower case, in any case.
  @inline(__always)
  static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    var index = range.lowerBound
    let end = range.upperBound
    var expected = word.utf8Start
    while index < end {
      let byte = bytes[index]
      let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
      if lower != expected.pointee { return false }
      expected += 1
      index += 1
    }
    return true
  }

  /// `range` without the blanks at its ends.
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Calls `body` with each part of a list that commas separate, without blanks.
  static func forEachPart(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void
  ) {
    var start = range.lowerBound
    for index in range where bytes[index] == UInt8(ascii: ",") {
      body(trimmed(bytes, start..<index))
      start = index + 1
    }
    body(trimmed(bytes, start..<range.upperBound))
  }
}
