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

  /// What `encode` writes before the magnitude's bytes.
  struct Head {
    let isNegative: Bool
    let byteCount: Int
    let exponent: Int

    init(from reader: inout StateReader) throws(StateError) {
      let head = try reader.readNumber(
        "magnitude's size", atMost: UInt64(CanonicalNumber.mostBytes) << 1 | 1)
      isNegative = head & 1 == 1
      byteCount = Int(head >> 1)
      guard byteCount > 0 else {
        guard head == 0 else { throw StateError("sign of zero", .notCanonical) }
        exponent = 0
        return
      }
      exponent = Int(try reader.readSigned("exponent"))
      guard -2_148...2_200 ~= exponent else { throw StateError("exponent", .outOfRange) }
    }
  }

  /// Reads what `encode` wrote.
  init(from reader: inout StateReader) throws(StateError) {
    try self.init(Head(from: &reader), from: &reader)
  }

  /// Reads what `encode` wrote behind `head`.
  init(_ head: Head, from reader: inout StateReader) throws(StateError) {
    guard head.byteCount > 0 else {
      self.init(isNegative: false, magnitude: BigNatural([]), exponent: 0)
      return
    }
    var bytes: [UInt8] = []
    for _ in 0..<head.byteCount { bytes.append(try reader.readByte("magnitude")) }
    guard bytes[0] & 1 == 1, bytes.last != 0 else { throw StateError("magnitude", .notCanonical) }
    self.init(
      isNegative: head.isNegative, magnitude: BigNatural(bytes: bytes), exponent: head.exponent)
  }
}

extension FixedPoint {
  /// Reads what `CanonicalNumber.encode` wrote: what fits one word, as nearly all does, straight into it.
  init(from reader: inout StateReader) throws(StateError) {
    let head = try CanonicalNumber.Head(from: &reader)
    guard 1...15 ~= head.byteCount else {
      self.init(try CanonicalNumber(head, from: &reader))
      return
    }
    var magnitude: UInt128 = 0
    var last: UInt8 = 0
    for index in 0..<head.byteCount {
      last = try reader.readByte("magnitude")
      magnitude |= UInt128(last) &<< UInt128(index &* 8)
    }
    guard magnitude & 1 == 1, last != 0 else { throw StateError("magnitude", .notCanonical) }
    let number = Int128(magnitude)
    self.init(head.isNegative ? -number : number, scale: head.exponent)
  }

  /// The number, if it is whole and fits 128 bits.
  var asInt128: Int128? {
    guard wide == nil, scale >= 0 || narrow == 0 else { return nil }
    guard narrow != 0, scale > 0 else { return narrow }
    guard narrow.magnitude.leadingZeroBitCount > Int(scale) else { return nil }
    return narrow &<< Int128(scale)
  }
}
