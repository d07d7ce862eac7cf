/// The rules by which a text is a number, a flag or bytes: strict, so that nothing is guessed.
enum FieldText {
  /// `-12`, within 64 bits; no point, no exponent, no space.
  static func int(_ text: UnsafeRawBufferPointer) -> Int64? {
    let hasSign = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = text.dropFirst(hasSign ? 1 : 0)
    guard !digits.isEmpty else { return nil }
    var number: Int64 = 0
    for byte in digits {
      let digit = Int64(byte) - 0x30
      guard 0...9 ~= digit else { return nil }
      let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      // Counted downwards, where there is one number more.
      let (next, isOut) = tens.subtractingReportingOverflow(digit)
      guard !isTooLarge, !isOut else { return nil }
      number = next
    }
    guard isNegative || number != .min else { return nil }
    return isNegative ? number : -number
  }

  /// A decimal number as the nearest double, `inf` or `nan`; a number too large for one is refused.
  static func double(_ text: UnsafeRawBufferPointer) -> Double? {
    guard let number = Decimal(text) else { return special(text) }
    if let quick = number.double { return quick }
    guard let nearest = Double(String(decoding: text, as: UTF8.self)), nearest.isFinite else {
      return nil
    }
    return nearest
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
    text.allSatisfy { $0 < 0x80 } || String(validating: text, as: UTF8.self) != nil
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func special(_ text: UnsafeRawBufferPointer) -> Double? {
    for (word, number) in [("nan", Double.nan), ("inf", .infinity), ("-inf", -.infinity)]
    where text.elementsEqual(word.utf8) { return number }
    return nil
  }
}

/// A decimal number as it is written: `-12.5e3`.
private struct Decimal {
  var isNegative = false
  var digits: UInt64 = 0
  var hasAllDigits = true
  var exponent = 0

  /// Reads a sign, digits with a point among them, and an exponent; `nil` for all else.
  init?(_ text: UnsafeRawBufferPointer) {
    var index = 0
    func next() -> UInt8? { index < text.count ? text[index] : nil }
    if next() == UInt8(ascii: "-") || next() == UInt8(ascii: "+") {
      isNegative = next() == UInt8(ascii: "-")
      index += 1
    }
    var digitCount = 0
    var isBehindPoint = false
    while let byte = next() {
      if byte == UInt8(ascii: "."), !isBehindPoint {
        isBehindPoint = true
      } else if byte &- 0x30 < 10 {
        digitCount += 1
        if digits < 100_000_000_000_000_000 {
          digits = digits * 10 + UInt64(byte &- 0x30)
          if isBehindPoint { exponent -= 1 }
        } else {
          hasAllDigits = false
        }
      } else {
        break
      }
      index += 1
    }
    guard digitCount > 0 else { return nil }
    guard let mark = next() else { return }
    guard mark | 0x20 == UInt8(ascii: "e") else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: text[(index + 1)...])
    guard let power = FieldText.int(rest) else {
      // An exponent beyond 64 bits is still a number: the slow way rounds it to zero or refuses it.
      let unsigned = rest.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
      guard rest.count - unsigned.count < 2, !unsigned.isEmpty,
        unsigned.allSatisfy({ $0 &- 0x30 < 10 })
      else { return nil }
      hasAllDigits = false
      return
    }
    guard -1_000...1_000 ~= power else {
      hasAllDigits = false
      return
    }
    exponent += Int(power)
  }

  /// The nearest double, where both numbers behind it are exact and one division or multiplication
  /// rounds once.
  var double: Double? {
    guard hasAllDigits, digits <= 1 << 53, -22...22 ~= exponent else { return nil }
    let whole = Double(digits)
    let scaled =
      exponent < 0 ? whole / Self.powers[-exponent] : whole * Self.powers[exponent]
    return isNegative ? -scaled : scaled
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
