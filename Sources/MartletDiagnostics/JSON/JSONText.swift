/// A text's place: in the bytes that are read or, with its escapes undone, among the decoded ones.
struct JSONText {
  /// Where it begins in the bytes that are read, behind its quote.
  private(set) var offset = 0

  /// Where its closing quote stands there.
  private(set) var end = 0

  /// Where it lies among the decoded bytes; `nil` where there was no escape.
  private var decoded: Range<Int>?

  /// Whether an escape had to be undone.
  var isDecoded: Bool { decoded != nil }

  /// The empty text.
  init() {}

  /// Reads the text that begins at `offset`, as far as its closing quote.
  init(
    in bytes: UnsafeRawBufferPointer, from offset: Int, decoding room: inout [UInt8]
  ) throws(JSONError) {
    self.offset = offset
    end = offset
    var isASCII = true
    var copied = offset
    let start = room.count
    var hasEscapes = false
    while true {
      end = Self.plainEnd(in: bytes, from: end, isASCII: &isASCII)
      guard end < bytes.count else {
        throw JSONError(reason: .truncated, offset: bytes.count)
      }
      if bytes[end] == UInt8(ascii: "\"") { break }
      guard bytes[end] == UInt8(ascii: "\\") else {
        throw JSONError(reason: .controlCharacter, offset: end)
      }
      hasEscapes = true
      room.append(contentsOf: bytes[copied..<end])
      end = try Self.unescape(bytes, at: end, into: &room)
      copied = end
    }
    if !isASCII {
      let text = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
      if let wrong = Self.firstIllFormed(in: text) {
        throw JSONError(reason: .noUnicode, offset: offset + wrong)
      }
    }
    if hasEscapes {
      room.append(contentsOf: bytes[copied..<end])
      decoded = start..<room.count
    }
  }

  /// Calls `body` with the text.
  func withBytes<Result, Failure: Error>(
    in bytes: UnsafeRawBufferPointer, _ room: [UInt8],
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let decoded else {
      return try body(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
    }
    let span = room.span
    return try span.withUnsafeBytes { (room) throws(Failure) in
      try body(UnsafeRawBufferPointer(rebasing: room[decoded]))
    }
  }

  /// The first byte that ends a text, begins an escape or may not stand in one; eight are looked at
  /// together while none of them is such.
  private static func plainEnd(
    in bytes: UnsafeRawBufferPointer, from start: Int, isASCII: inout Bool
  ) -> Int {
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var index = start
    var seen: UInt64 = 0
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5C)
      // The high bit of each byte that is zero, and of each below 0x20.
      let found =
        ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
        | ((word &- ones &* 0x20) & ~word)
      if found & highs != 0 { break }
      seen |= word
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
      seen |= UInt64(byte)
      index += 1
    }
    if seen & highs != 0 { isASCII = false }
    return index
  }

  /// Undoes the escape at `start`; returns where the text goes on.
  private static func unescape(
    _ bytes: UnsafeRawBufferPointer, at start: Int, into room: inout [UInt8]
  ) throws(JSONError) -> Int {
    guard start + 1 < bytes.count else {
      throw JSONError(reason: .truncated, offset: bytes.count)
    }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): room.append(bytes[start + 1])
    case UInt8(ascii: "b"): room.append(0x08)
    case UInt8(ascii: "f"): room.append(0x0C)
    case UInt8(ascii: "n"): room.append(0x0A)
    case UInt8(ascii: "r"): room.append(0x0D)
    case UInt8(ascii: "t"): room.append(0x09)
    case UInt8(ascii: "u"):
      let first = try unit(bytes, at: start)
      guard UTF16.isSurrogate(first) else {
        append(UInt32(first), to: &room)
        return start + 6
      }
      guard UTF16.isLeadSurrogate(first), start + 7 < bytes.count,
        bytes[start + 6] == UInt8(ascii: "\\"), bytes[start + 7] == UInt8(ascii: "u"),
        case let second = try unit(bytes, at: start + 6), UTF16.isTrailSurrogate(second)
      else { throw JSONError(reason: .loneSurrogate, offset: start) }
      append(0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF, to: &room)
      return start + 12
    default: throw JSONError(reason: .badEscape, offset: start)
    }
    return start + 2
  }

  /// The four digits of the escape at `start`.
  private static func unit(
    _ bytes: UnsafeRawBufferPointer, at start: Int
  ) throws(JSONError) -> UInt16 {
    guard start + 6 <= bytes.count else {
      throw JSONError(reason: .truncated, offset: bytes.count)
    }
    var unit: UInt16 = 0
    for index in start + 2..<start + 6 {
      guard let digit = hexDigit(bytes[index]) else {
        throw JSONError(reason: .badEscape, offset: start)
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func append(_ scalar: UInt32, to room: inout [UInt8]) {
    // Neither a surrogate nor out of range, as the caller has seen.
    guard let encoded = Unicode.Scalar(scalar).flatMap({ UTF8.encode($0) }) else { return }
    room.append(contentsOf: encoded)
  }

  /// Where the first bytes begin that are no UTF-8.
  private static func firstIllFormed(in text: UnsafeRawBufferPointer) -> Int? {
    let bytes = text.bindMemory(to: UInt8.self)
    do {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
