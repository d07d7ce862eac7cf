/// The hash by which sketches tell values apart: 64 well mixed bits, the same for ever.
///
/// States on disk hold these hashes, so this is version 1 and never changes; another one would be
/// a new version of every sketch. It is taken eight bytes at a time, lowest first:
///
///     hash = seed of the kind
///     for each word:  hash = mix((hash + φ) ^ word)
///     hash = mix(hash ^ byte count)
///
/// `mix` is a bijection, so two values of eight bytes never collide.
public struct StableHash: Sendable {
  /// The hash.
  public private(set) var bits: UInt64

  private init(kind: UInt64) { bits = kind }

  private mutating func take(_ word: UInt64) {
    bits = Self.mix((bits &+ 0x9E37_79B9_7F4A_7C15) ^ word)
  }

  private mutating func finish(byteCount: Int) {
    bits = Self.mix(bits ^ UInt64(byteCount))
  }

  /// The hash of a whole number.
  public static func of(_ number: Int64) -> UInt64 {
    var hash = StableHash(kind: 1)
    hash.take(UInt64(bitPattern: number))
    hash.finish(byteCount: 8)
    return hash.bits
  }

  /// The hash of a double: −0.0 and 0.0 are one value, and so is every NaN.
  public static func of(_ value: Double) -> UInt64 {
    var hash = StableHash(kind: 2)
    hash.take(value == 0 ? 0 : value.normalized.bitPattern)
    hash.finish(byteCount: 8)
    return hash.bits
  }

  /// The hash of bytes, or of a text in UTF-8.
  public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = StableHash(kind: 3)
    var offset = 0
    while bytes.count - offset >= 8 {
      hash.take(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    if offset < bytes.count {
      var word: UInt64 = 0
      for index in (offset..<bytes.count).reversed() { word = word &<< 8 | UInt64(bytes[index]) }
      hash.take(word)
    }
    hash.finish(byteCount: bytes.count)
    return hash.bits
  }

  /// Every bit of the result depends on every bit of `word`.
  private static func mix(_ word: UInt64) -> UInt64 {
    var mixed = word
    mixed = (mixed ^ mixed &>> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed &>> 31
  }
}
