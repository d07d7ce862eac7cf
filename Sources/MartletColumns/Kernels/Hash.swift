/// A hash for tables in memory: quick, well spread, the same on every machine.
///
/// Nothing that is kept may depend on it; sketches and files have hashes of their own, frozen.
struct RowHash {
  /// The hash of one word: a multiplication to 128 bits, folded.
  @inline(__always)
  static func of(_ word: UInt64) -> UInt64 {
    fold(word ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9)
  }

  /// The hash of some bytes, 16 at a time; the last 16 may overlap those before.
  @inline(__always)
  static func of(_ bytes: UnsafeRawPointer, count: Int) -> UInt64 {
    var hash: UInt64 = 0x8bb8_4b93_962e_acc9 ^ UInt64(truncatingIfNeeded: count)
    if count >= 16 {
      var offset = 0
      while offset &+ 16 < count {
        hash = fold(word(bytes + offset) ^ 0x2d35_8dcc_aa6c_78a5, word(bytes + offset + 8) ^ hash)
        offset &+= 16
      }
      let last = bytes + (count &- 16)
      return fold(word(last) ^ 0x4b33_a62e_d433_d4a3, word(last + 8) ^ hash)
    }
    if count >= 8 {
      return fold(word(bytes) ^ 0x4b33_a62e_d433_d4a3, word(bytes + (count &- 8)) ^ hash)
    }
    if count >= 4 {
      let low = UInt64(half(bytes))
      let high = UInt64(half(bytes + (count &- 4)))
      return fold((high &<< 32 | low) ^ 0x4b33_a62e_d433_d4a3, hash)
    }
    guard count > 0 else { return fold(0x4b33_a62e_d433_d4a3, hash) }
    let first = UInt64(bytes.load(as: UInt8.self))
    let middle = UInt64(bytes.load(fromByteOffset: count &>> 1, as: UInt8.self))
    let last = UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
    return fold((first &<< 16 | middle &<< 8 | last) ^ 0x4b33_a62e_d433_d4a3, hash)
  }

  @inline(__always)
  private static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let product = one.multipliedFullWidth(by: other)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func half(_ bytes: UnsafeRawPointer) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
  }
}
