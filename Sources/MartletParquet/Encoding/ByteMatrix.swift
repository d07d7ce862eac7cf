/// Eight words of eight bytes, turned so that rows become columns: how BYTE_STREAM_SPLIT is read and written
/// eight numbers at a time.
///
///     a0 a1 a2 …        a0 b0 c0 …
///     b0 b1 b2 …   ▶    a1 b1 c1 …
///     c0 c1 c2 …        a2 b2 c2 …
///
/// Bytes change places in squares of one, then of two, then of four.
struct ByteMatrix {
  private var rows: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  /// The words at `place`, `stride` bytes apart.
  @inline(__always)
  init(at place: UnsafeRawPointer, stride: Int) {
    @inline(__always) func word(_ row: Int) -> UInt64 {
      UInt64(
        littleEndian: place.loadUnaligned(fromByteOffset: row &* stride, as: UInt64.self))
    }
    rows = (word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7))
  }

  /// Turns it.
  @inline(__always)
  mutating func transpose() {
    let (ones, twos, fours): (UInt64, UInt64, UInt64) = (
      0x00FF_00FF_00FF_00FF, 0x0000_FFFF_0000_FFFF, 0x0000_0000_FFFF_FFFF
    )
    Self.swap(&rows.0, &rows.1, 8, ones)
    Self.swap(&rows.2, &rows.3, 8, ones)
    Self.swap(&rows.4, &rows.5, 8, ones)
    Self.swap(&rows.6, &rows.7, 8, ones)
    Self.swap(&rows.0, &rows.2, 16, twos)
    Self.swap(&rows.1, &rows.3, 16, twos)
    Self.swap(&rows.4, &rows.6, 16, twos)
    Self.swap(&rows.5, &rows.7, 16, twos)
    Self.swap(&rows.0, &rows.4, 32, fours)
    Self.swap(&rows.1, &rows.5, 32, fours)
    Self.swap(&rows.2, &rows.6, 32, fours)
    Self.swap(&rows.3, &rows.7, 32, fours)
  }

  /// Puts the words at `place`, `stride` bytes apart.
  @inline(__always)
  func store(at place: UnsafeMutableRawPointer, stride: Int) {
    @inline(__always) func put(_ word: UInt64, _ row: Int) {
      place.storeBytes(of: word.littleEndian, toByteOffset: row &* stride, as: UInt64.self)
    }
    put(rows.0, 0)
    put(rows.1, 1)
    put(rows.2, 2)
    put(rows.3, 3)
    put(rows.4, 4)
    put(rows.5, 5)
    put(rows.6, 6)
    put(rows.7, 7)
  }

  /// Lets the high squares of `one` and the low ones of `other` change places.
  @inline(__always)
  private static func swap(
    _ one: inout UInt64, _ other: inout UInt64, _ bits: UInt64, _ low: UInt64
  ) {
    let differing = (one &>> bits ^ other) & low
    other ^= differing
    one ^= differing &<< bits
  }
}
