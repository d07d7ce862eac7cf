/// Bytes as text, by RFC 4648: how JSON carries them.
public enum Base64 {
  private static let alphabet: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  /// Calls `emit` with each character.
  public static func encode(_ bytes: UnsafeRawBufferPointer, _ emit: (UInt8) -> Void) {
    alphabet.withUTF8Buffer { alphabet in
      var index = 0
      while index < bytes.count {
        let left = bytes.count - index
        let second = left > 1 ? UInt32(bytes[index + 1]) : 0
        let third = left > 2 ? UInt32(bytes[index + 2]) : 0
        let group = UInt32(bytes[index]) << 16 | second << 8 | third
        emit(alphabet[Int(group >> 18)])
        emit(alphabet[Int(group >> 12 & 63)])
        emit(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
        emit(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
        index += 3
      }
    }
  }

  /// The text that stands for `bytes`.
  public static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    bytes.withUnsafeBytes { encode($0) { text.append($0) } }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that `text` stands for; `nil` where it is none: whole groups of four, padded, and the
  /// bits that stand for nothing zero, so that no bytes are written in two ways.
  public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    for start in stride(from: 0, to: text.count, by: 4) {
      let isLast = start + 4 == text.count
      let digitCount = isLast ? 4 - padding : 4
      var group: UInt32 = 0
      for place in 0..<4 {
        guard place < digitCount else {
          group <<= 6
          continue
        }
        guard let value = value(of: text[start + place]) else { return nil }
        group = group << 6 | value
      }
      let byteCount = digitCount - 1
      guard byteCount > 0, group & (1 << UInt32(24 - byteCount * 8) - 1) == 0 else { return nil }
      for place in 0..<byteCount {
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - place * 8)))
      }
    }
    return bytes
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
