/// Reads what a `StateWriter` wrote, from bytes that may be anything.
///
/// It never reads past the end, and reserves no memory on the word of the bytes alone.
public struct StateReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0

  /// Reads `bytes` from their beginning.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How many bytes are left.
  public var remaining: Int { bytes.count - position }

  /// Reads one byte.
  public mutating func readByte(_ part: String) throws(StateError) -> UInt8 {
    guard position < bytes.count else { throw StateError(part, .endsEarly) }
    defer { position += 1 }
    return bytes[position]
  }

  /// Reads the version that a state begins with, of which only `version` is known.
  public mutating func readVersion(_ version: UInt8) throws(StateError) {
    let found = try readByte("version")
    guard found == version else { throw StateError("version", .unknownVersion(found)) }
  }

  /// Reads a number of at most `most`, in no more bytes than it needs.
  public mutating func readNumber(
    _ part: String, atMost most: UInt64 = .max
  ) throws(StateError) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try readByte(part)
      let bits = UInt64(byte & 0x7F)
      guard shift < 63 || bits <= 1 else { throw StateError(part, .outOfRange) }
      number |= bits &<< shift
      if byte < 0x80 {
        guard byte != 0 || shift == 0 else { throw StateError(part, .notCanonical) }
        break
      }
      shift += 7
      guard shift <= 63 else { throw StateError(part, .outOfRange) }
    }
    guard number <= most else { throw StateError(part, .outOfRange) }
    return number
  }

  /// Reads a number of either sign.
  public mutating func readSigned(_ part: String) throws(StateError) -> Int64 {
    let folded = try readNumber(part)
    return Int64(bitPattern: folded &>> 1) ^ -Int64(bitPattern: folded & 1)
  }

  /// Reads eight bytes, the lowest first.
  public mutating func readFixed(_ part: String) throws(StateError) -> UInt64 {
    guard remaining >= 8 else { throw StateError(part, .endsEarly) }
    defer { position += 8 }
    var number: UInt64 = 0
    for index in 0..<8 { number |= UInt64(bytes[position + index]) &<< UInt64(8 * index) }
    return number
  }

  /// Reads how many things follow, each of which takes at least a byte.
  public mutating func readCount(_ part: String, atMost most: Int) throws(StateError) -> Int {
    let count = Int(try readNumber(part, atMost: UInt64(most)))
    guard count <= remaining else { throw StateError(part, .endsEarly) }
    return count
  }

  /// Reads how many bytes there are, and the bytes.
  public mutating func readCounted(_ part: String) throws(StateError) -> ArraySlice<UInt8> {
    let count = try readCount(part, atMost: Int(Int32.max))
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// Ends the reading: nothing may be left.
  public func finish() throws(StateError) {
    guard remaining == 0 else { throw StateError("end", .hasMore) }
  }
}
