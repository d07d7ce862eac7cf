import MartletColumns

/// The levels of a page, which say what of each value's path is there.
struct LevelReader {
  private var runs: RunReader
  private let most: Int

  /// Levels of `most` at most in `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, most: Int, nothing: UnsafeRawPointer) {
    runs = RunReader(bytes, width: LevelReader.width(most), nothing: nothing)
    self.most = most
  }

  private static func width(_ most: Int) -> Int { Int.bitWidth - most.leadingZeroBitCount }

  /// Takes levels with their size before them from the front of `body`, as pages of the first
  /// version have them.
  static func takeSized(
    from body: inout UnsafeRawBufferPointer, most: Int, _ encoding: Encoding,
    nothing: UnsafeRawPointer
  ) throws(ParquetError) -> LevelReader {
    guard encoding == .rle else { throw .unsupported("levels in \(encoding)") }
    guard body.count >= 4 else { throw .truncated }
    let size = Int(UInt32(littleEndian: body.loadUnaligned(as: UInt32.self)))
    guard size <= body.count - 4 else { throw .damaged("the page claims \(size) bytes of levels") }
    let levels = UnsafeRawBufferPointer(rebasing: body[4..<4 + size])
    body = UnsafeRawBufferPointer(rebasing: body[(4 + size)...])
    return LevelReader(levels, most: most, nothing: nothing)
  }

  /// Writes the next `count` levels to `target`.
  mutating func read(
    _ count: Int, into target: UnsafeMutablePointer<Int32>
  ) throws(ParquetError) {
    try runs.read(count, into: target)
    for index in 0..<count where target[index] > most {
      throw .damaged("a level of \(target[index]) where \(most) is the most")
    }
  }

  /// The next `count` levels as bits, set where the level is the greatest.
  mutating func readPresence(_ count: Int) throws(ParquetError) -> Bitmap {
    var bits = BitmapBuilder(capacity: count)
    try runs.readBits(count, whereEqual: most, into: &bits)
    return bits.finish()
  }
}
