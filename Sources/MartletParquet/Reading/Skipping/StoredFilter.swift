/// A bloom filter in a file, of which only the block that a value may be in is read.
struct StoredFilter {
  private let source: any ByteSource
  private let start: Int
  private let blockCount: Int

  private static let blockByteCount = 32

  /// The filter whose header begins at `offset`; `nil` where it is of a kind that nobody knew when this
  /// was written.
  init?(_ source: any ByteSource, at offset: Int64) throws(ParquetError) {
    guard offset >= 4, offset < source.byteCount else {
      throw .damaged("it claims to begin at byte \(offset) of \(source.byteCount)")
    }
    let room = Room()
    // The header takes some twenty bytes; its choices could grow.
    let bytes = room.reserve(min(256, source.byteCount - Int(offset)))
    try source.fill(bytes, from: Int(offset))
    let (header, headerByteCount) = try CompactReader.read(
      BloomFilterHeader.self, from: UnsafeRawBufferPointer(bytes))
    guard header.isKnown else { return nil }
    let (size, block) = (Int(header.byteCount), StoredFilter.blockByteCount)
    start = Int(offset) + headerByteCount
    guard size >= block, size % block == 0, size <= source.byteCount - start else {
      throw .damaged("it claims \(size) bytes from \(start) on of \(source.byteCount)")
    }
    self.source = source
    blockCount = size / block
  }

  /// Whether a value of this hash may be among those that were remembered.
  func mayHold(_ hash: UInt64) throws(ParquetError) -> Bool {
    let index = BloomFilter.block(of: hash, among: blockCount)
    let room = Room()
    let block = room.reserve(StoredFilter.blockByteCount)
    try source.fill(block, from: start + index * StoredFilter.blockByteCount)
    for (word, mask) in BloomFilter.masks(of: hash).enumerated() {
      let bits = UInt32(
        littleEndian: block.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
      if bits & mask == 0 { return false }
    }
    return true
  }
}
