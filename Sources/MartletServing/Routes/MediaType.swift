/// What a body claims to be.
enum MediaType: String {
  case json = "application/json"
  case jsonLines = "application/x-ndjson"

  /// By the field's type, whatever parameters stand behind it; `nil` for what is not read here.
  init?(of request: Request) {
    guard let field = request.head.contentType else { return nil }
    let bytes = request.part(field)
    let end = bytes.firstIndex { $0 == UInt8(ascii: ";") || $0 == 0x20 || $0 == 0x09 }
    let type = 0..<(end ?? bytes.count)
    let span = Span<UInt8>(_unsafeBytes: bytes)
    if FieldSyntax.equals(span, type, "application/json") {
      self = .json
    } else if FieldSyntax.equals(span, type, "application/x-ndjson")
      || FieldSyntax.equals(span, type, "application/jsonl")
    {
      self = .jsonLines
    } else {
      return nil
    }
  }
}

/// `%41` for `A`.
enum PercentCoding {
  /// `nil` where the digits are wrong, or the bytes no UTF-8.
  static func decode(_ bytes: Slice<UnsafeRawBufferPointer>) -> String? {
    var decoded: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard bytes[index] == UInt8(ascii: "%") else {
        decoded.append(bytes[index])
        index += 1
        continue
      }
      guard index + 2 < bytes.endIndex, let high = bytes[index + 1].hexadecimalDigit,
        let low = bytes[index + 2].hexadecimalDigit
      else { return nil }
      decoded.append(UInt8(high << 4 | low))
      index += 3
    }
    return String(validating: decoded, as: UTF8.self)
  }
}
