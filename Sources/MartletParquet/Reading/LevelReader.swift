import MartletColumns

/// The levels of a page, which say what of each value's path is there.
struct LevelReader {
  private enum Levels {
    case runs(RunReader)
    case packed(PackedLevels)
  }

  private var levels: Levels
  private let most: Int

  /// Levels of `most` at most in `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, most: Int, nothing: UnsafeRawPointer) {
    levels = .runs(RunReader(bytes, width: LevelReader.width(most), nothing: nothing))
    self.most = most
  }

  private init(_ packed: PackedLevels, most: Int) {
    levels = .packed(packed)
    self.most = most
  }

  private static func width(_ most: Int) -> Int { Int.bitWidth - most.leadingZeroBitCount }

  /// Takes the levels of `count` values from the front of `body`, as pages of the first version have
  /// them: runs with their size before them, or from the writers of old bits without one.
  static func take(
    _ count: Int, from body: inout UnsafeRawBufferPointer, most: Int, _ encoding: Encoding,
    nothing: UnsafeRawPointer
  ) throws(ParquetError) -> LevelReader {
    switch encoding {
    case .rle:
      guard body.count >= 4 else { throw .truncated }
      let size = Int(UInt32(littleEndian: body.loadUnaligned(as: UInt32.self)))
      guard size <= body.count - 4 else {
        throw .damaged("the page claims \(size) bytes of levels")
      }
      body = UnsafeRawBufferPointer(rebasing: body[4...])
      return LevelReader(split(size, from: &body), most: most, nothing: nothing)
    case .bitPacked:
      let width = width(most)
      let (bits, isOver) = count.multipliedReportingOverflow(by: width)
      let size = bits / 8 + (bits % 8 == 0 ? 0 : 1)
      guard !isOver, size <= body.count else { throw .truncated }
      let packed = PackedLevels(split(size, from: &body), count: count, width: width)
      return LevelReader(packed, most: most)
    default: throw .unsupported("levels in \(encoding)")
    }
  }

  private static func split(
    _ size: Int, from body: inout UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    let front = UnsafeRawBufferPointer(rebasing: body[..<size])
    body = UnsafeRawBufferPointer(rebasing: body[size...])
    return front
  }

  /// Writes the next `count` levels to `target`.
  mutating func read(
    _ count: Int, into target: UnsafeMutablePointer<Int32>
  ) throws(ParquetError) {
    switch levels {
    case .runs(var runs):
      try runs.read(count, into: target)
      levels = .runs(runs)
    case .packed(var packed):
      try packed.read(count, into: target)
      levels = .packed(packed)
    }
    for index in 0..<count where target[index] > most {
      throw .damaged("a level of \(target[index]) where \(most) is the most")
    }
  }

  /// The next `count` levels as bits, set where the level is the greatest.
  mutating func readPresence(_ count: Int) throws(ParquetError) -> Bitmap {
    var bits = BitmapBuilder(capacity: count)
    switch levels {
    case .runs(var runs):
      try runs.readBits(count, whereEqual: most, into: &bits)
      levels = .runs(runs)
    case .packed(var packed):
      var level: Int32 = 0
      for _ in 0..<count {
        try packed.read(1, into: &level)
        bits.append(level == most)
      }
      levels = .packed(packed)
    }
    return bits.finish()
  }
}

/// Levels as writers of old packed them: the first in the highest bits, no runs.
private struct PackedLevels {
  private let bytes: UnsafeRawBufferPointer
  private let width: Int
  private var bit = 0
  private var left: Int

  /// `count` levels of `width` bits, for which there are bytes enough.
  init(_ bytes: UnsafeRawBufferPointer, count: Int, width: Int) {
    self.bytes = bytes
    self.width = width
    left = count
  }

  mutating func read(
    _ count: Int, into target: UnsafeMutablePointer<Int32>
  ) throws(ParquetError) {
    guard count <= left else { throw .truncated }
    left -= count
    for index in 0..<count {
      var level: Int32 = 0
      for _ in 0..<width {
        level = level &<< 1 | Int32(bytes[bit / 8] &>> UInt8(7 - bit % 8) & 1)
        bit += 1
      }
      target[index] = level
    }
  }
}
