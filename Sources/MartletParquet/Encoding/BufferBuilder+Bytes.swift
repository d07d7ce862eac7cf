import MartletColumns

extension BufferBuilder where Element == UInt8 {
  /// Appends bytes as they are.
  mutating func append(raw bytes: UnsafeRawBufferPointer) {
    append(contentsOf: bytes.assumingMemoryBound(to: UInt8.self))
  }

  /// Appends seven bits a byte, the lowest first.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 128 {
      append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Appends a varint that is short for numbers near zero on both sides.
  mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: value &<< 1 ^ value &>> 63))
  }

  /// Appends four bytes, the lowest first.
  mutating func append(littleEndian value: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      append(UInt8(truncatingIfNeeded: value &>> shift))
    }
  }
}
