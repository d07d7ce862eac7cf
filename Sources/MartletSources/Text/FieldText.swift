import MartletColumns
import MartletDiagnostics

/// The rules by which a text is a number, a flag or bytes: strict, so that nothing is guessed.
enum FieldText {
  /// `-12`, within 64 bits; no point, no exponent, no space.
  static func int(_ text: UnsafeRawBufferPointer) -> Int64? { DecimalText.int(text) }

  /// A decimal number as the nearest double, `inf` or `nan`; a number too large for one is refused.
  static func double(_ text: UnsafeRawBufferPointer) -> Double? {
    DecimalText(text).map(\.double) ?? special(text)
  }

  /// `true` or `false`.
  static func bool(_ text: UnsafeRawBufferPointer) -> Bool? {
    if text.elementsEqual("true".utf8) { return true }
    return text.elementsEqual("false".utf8) ? false : nil
  }

  /// Two hexadecimal digits a byte.
  static func bytes(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = hexDigit(text[index]), let low = hexDigit(text[index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// Whether it is UTF-8.
  static func isUnicode(_ text: UnsafeRawBufferPointer) -> Bool {
    let bytes = text.bindMemory(to: UInt8.self)
    return (try? UTF8Span(validating: bytes.span)) != nil  // Where it is not is no matter.
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// `nan`, `inf` or `-inf`.
  static func special(_ text: UnsafeRawBufferPointer) -> Double? {
    for (word, number) in [("nan", Double.nan), ("inf", .infinity), ("-inf", -.infinity)]
    where text.elementsEqual(word.utf8) { return number }
    return nil
  }
}
