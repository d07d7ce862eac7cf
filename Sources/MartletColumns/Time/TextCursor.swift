/// A place in a text of bytes, for the parsers of this folder.
struct TextCursor: ~Escapable {
  private let text: Span<UInt8>

  /// The place, in bytes from the beginning.
  private(set) var offset = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) { self.text = text }

  var isAtEnd: Bool { offset == text.count }

  /// The byte here, if the text goes on.
  var next: UInt8? { offset < text.count ? text[offset] : nil }

  /// Steps over `byte` if it is next.
  @_lifetime(self: copy self)
  mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    guard let next, UInt32(next) == byte.value else { return false }
    offset += 1
    return true
  }

  /// Steps over the next byte if it is one of `bytes`, and returns it.
  @_lifetime(self: copy self)
  mutating func skip(oneOf bytes: StaticString) -> UInt8? {
    guard let next else { return nil }
    let isOne = bytes.withUTF8Buffer { $0.contains(next) }
    guard isOne else { return nil }
    offset += 1
    return next
  }

  /// Reads `count` digits; `nil`, and nothing is read, where there are fewer.
  @_lifetime(self: copy self)
  mutating func digits(_ count: Int) -> Int? {
    guard text.count - offset >= count else { return nil }
    var number = 0
    for index in offset..<offset + count {
      let digit = text[index] &- 0x30
      guard digit < 10 else { return nil }
      number = number * 10 + Int(digit)
    }
    offset += count
    return number
  }

  /// How many digits stand here.
  var digitCount: Int {
    var end = offset
    while end < text.count, text[end] &- 0x30 < 10 { end += 1 }
    return end - offset
  }

  func failure(_ reason: TimeTextError.Reason) -> TimeTextError {
    TimeTextError(reason: reason, offset: offset)
  }

  func expected(_ what: String) -> TimeTextError { failure(.expected(what)) }
}
