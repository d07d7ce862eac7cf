/// The one way to write an exact number: an odd magnitude times a power of two, and a sign.
///
/// Zero has no words, no sign and the exponent 0.
struct CanonicalNumber: Equatable, Sendable {
  let isNegative: Bool
  let magnitude: BigNatural
  let exponent: Int

  /// The number `magnitude` times two to the `exponent`.
  init(isNegative: Bool, magnitude: BigNatural, exponent: Int) {
    let zeros = magnitude.trailingZeroBitCount
    self.isNegative = isNegative && !magnitude.isZero
    self.magnitude = magnitude.shiftedRight(by: zeros)
    self.exponent = magnitude.isZero ? 0 : exponent + zeros
  }
}

extension CanonicalNumber {
  /// The bytes that a magnitude may take: squares of doubles reach from 2^-2148 to 2^2048, and more
  /// rows than 2^63 are not counted.
  static let mostBytes = (2_148 + 2_048 + 64) / 8

  /// Writes the sign and size of the magnitude, the exponent, and the magnitude's bytes.
  func encode(into writer: inout StateWriter) {
    let bytes = magnitude.bytes
    writer.write(UInt64(bytes.count) << 1 | (isNegative ? 1 : 0))
    if bytes.isEmpty { return }
    writer.write(signed: Int64(exponent))
    for byte in bytes { writer.write(byte: byte) }
  }

  /// Reads what `encode` wrote.
  init(from reader: inout StateReader) throws(StateError) {
    let head = try reader.readNumber("magnitude's size", atMost: UInt64(Self.mostBytes) << 1 | 1)
    let count = Int(head >> 1)
    guard count > 0 else {
      guard head == 0 else { throw StateError("sign of zero", .notCanonical) }
      self.init(isNegative: false, magnitude: BigNatural([]), exponent: 0)
      return
    }
    let exponent = try reader.readSigned("exponent")
    guard -2_148...2_200 ~= exponent else { throw StateError("exponent", .outOfRange) }
    var bytes: [UInt8] = []
    for _ in 0..<count { bytes.append(try reader.readByte("magnitude")) }
    guard bytes[0] & 1 == 1, bytes[count - 1] != 0 else {
      throw StateError("magnitude", .notCanonical)
    }
    self.init(
      isNegative: head & 1 == 1, magnitude: BigNatural(bytes: bytes), exponent: Int(exponent))
  }
}
