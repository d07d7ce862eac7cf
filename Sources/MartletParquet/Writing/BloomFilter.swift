/// Parquet's split-block bloom filter: a value sets eight bits, one in each word of one block of 256
/// bits.
struct BloomFilter {
  private var words: [UInt32]
  private static let salts: [UInt32] = [
    0x47B6_137B, 0x4497_4D91, 0x8824_AD5B, 0xA2B7_289D, 0x7054_95C7, 0x2DF1_424B, 0x9EFC_4947,
    0x5C6B_FB31,
  ]

  /// A filter for `count` distinct values, of which about one in a hundred others gets through.
  init(distinctCount count: Int) {
    // Ten and a half bits a value; a power of two blocks, as other writers have it.
    let blocks = max(1, count * 21 / 2 / 256)
    var blockCount = 1
    while blockCount < blocks, blockCount < 1 << 22 { blockCount *= 2 }
    words = [UInt32](repeating: 0, count: blockCount * 8)
  }

  /// Remembers a value by the hash of its PLAIN bytes.
  mutating func insert(_ hash: UInt64) {
    let block = Self.block(of: hash, among: words.count / 8)
    for (index, mask) in Self.masks(of: hash).enumerated() { words[block * 8 + index] |= mask }
  }

  /// The block of a value with this hash.
  static func block(of hash: UInt64, among blockCount: Int) -> Int {
    Int(((hash &>> 32) &* UInt64(blockCount)) &>> 32)
  }

  /// The bit that such a value sets in each of its block's words.
  static func masks(of hash: UInt64) -> some Sequence<UInt32> {
    let key = UInt32(truncatingIfNeeded: hash)
    return salts.lazy.map { 1 &<< ((key &* $0) &>> 27) }
  }

  /// The filter behind its header.
  var bytes: [UInt8] {
    var header = BloomFilterHeader()
    header.byteCount = Int32(words.count * 4)
    return CompactWriter.bytes(of: header)
      + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
}
