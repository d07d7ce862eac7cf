/// A decimal number as it is written, `-12.5e3`, and what it is as an int or a double.
///
/// Digits are kept as one number and a power of ten:
///
///     -12.5e3    digits 125 · 10^2, negative
public struct DecimalText {
  private var isNegative = false
  private var digits: UInt64 = 0
  private var hasAllDigits = true
  private var exponent = 0
  private let text: UnsafeRawBufferPointer

  /// Reads a sign, digits with a point among them, and an exponent; `nil` for all else.
  public init?(_ text: UnsafeRawBufferPointer) {
    self.text = text
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
    guard let power = Self.int(rest) else {
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

  /// The nearest double; `nil` where that is infinite.
  public var double: Double? {
    if let quick { return quick }
    guard let nearest = Double(String(decoding: text, as: UTF8.self)), nearest.isFinite else {
      return nil
    }
    return nearest
  }

  /// The nearest double, where both numbers behind it are exact and one division or multiplication
  /// rounds once.
  private var quick: Double? {
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

  /// `-12`, within 64 bits; `nil` for a point, an exponent, a space.
  public static func int(_ text: UnsafeRawBufferPointer) -> Int64? {
    let hasSign = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
    let isNegative = text.first == UInt8(ascii: "-")
    guard text.count > (hasSign ? 1 : 0) else { return nil }
    var number: Int64 = 0
    for index in (hasSign ? 1 : 0)..<text.count {
      let digit = Int64(text[index]) - 0x30
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
}
