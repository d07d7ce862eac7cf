/// Reads DELTA_BINARY_PACKED: each number told by how much more it is than the one before.
///
///     header   values of a block · miniblocks of a block · values in all · first value
///     block    least delta · a width for each miniblock · the miniblocks: delta − least, packed
///
/// Nothing is set aside for the counts of the header, so they may be as large as they like.
struct DeltaReader {
  private var place: UnsafeRawPointer
  private let end: UnsafeRawPointer

  private let blockCount: Int
  private let miniblockCount: Int

  /// The values that have not been read.
  private(set) var left: Int
  private var isFirst = true
  private var value: Int64 = 0

  private var leastDelta: Int64 = 0
  private var widths: UnsafeRawPointer
  private var miniblock: Int
  private var width = 0
  private var packed: UnsafeRawPointer
  private var packedIndex = 0
  private var packedLeft = 0

  /// The numbers that `bytes`, behind which there is slack, begin with.
  init(_ bytes: UnsafeRawBufferPointer, nothing: UnsafeRawPointer) throws(ParquetError) {
    place = bytes.baseAddress ?? nothing
    end = place + bytes.count
    (widths, packed) = (place, place)
    let size = try DeltaReader.readVarint(&place, end)
    let parts = try DeltaReader.readVarint(&place, end)
    let count = try DeltaReader.readVarint(&place, end)
    guard size > 0, size <= 1 << 31, parts > 0, parts <= size, size % parts == 0,
      size / parts % 8 == 0
    else { throw .damaged("blocks of \(size) values in \(parts) miniblocks") }
    guard count <= UInt64(Int32.max) else { throw .damaged("a page of \(count) values") }
    (blockCount, miniblockCount, left) = (Int(size), Int(parts), Int(count))
    miniblock = miniblockCount
    value = DeltaReader.unzigzag(try DeltaReader.readVarint(&place, end))
  }

  private static func unzigzag(_ number: UInt64) -> Int64 {
    Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }

  private static func readVarint(
    _ place: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) throws(ParquetError) -> UInt64 {
    var value: UInt64 = 0
    for shift: UInt64 in stride(from: 0, to: 70, by: 7) {
      guard place < end else { throw .truncated }
      let byte = place.load(as: UInt8.self)
      place += 1
      value |= UInt64(byte & 127) &<< shift
      if byte < 128 { return value }
    }
    throw .damaged("a number takes more than 64 bits")
  }

  private mutating func beginMiniblock() throws(ParquetError) {
    if miniblock == miniblockCount {
      leastDelta = DeltaReader.unzigzag(try DeltaReader.readVarint(&place, end))
      guard miniblockCount <= end - place else { throw .truncated }
      widths = place
      place += miniblockCount
      miniblock = 0
    }
    width = Int(widths.load(fromByteOffset: miniblock, as: UInt8.self))
    guard width <= 64 else { throw .damaged("numbers of \(width) bits") }
    miniblock += 1
    let count = blockCount / miniblockCount
    let byteCount = count / 8 * width
    // The last miniblock may leave out what no value needs.
    let needed = (min(count, left) * width + 7) / 8
    guard needed <= end - place else { throw .truncated }
    packed = place
    packedIndex = 0
    packedLeft = count
    place += min(byteCount, end - place)
  }

  /// Writes the next `count` numbers to `target`.
  mutating func read(
    _ count: Int, into target: UnsafeMutablePointer<Int64>
  ) throws(ParquetError) {
    guard count <= left else { throw .damaged("there are fewer values than the page claims") }
    var index = 0
    if isFirst, count > 0 {
      target[0] = value
      (isFirst, left, index) = (false, left - 1, 1)
    }
    while index < count {
      if packedLeft == 0 { try beginMiniblock() }
      let step = min(count - index, packedLeft)
      let (least, width, packed, first) = (leastDelta, width, packed, packedIndex)
      var value = value
      // Each branch has a loop of its own, which does little but wait for the sum before.
      if width == 0 {
        for offset in 0..<step {
          value = value &+ least
          target[index &+ offset] = value
        }
      } else if width <= 57 {
        let mask: UInt64 = 1 &<< UInt64(truncatingIfNeeded: width) &- 1
        var bit = first &* width
        for offset in 0..<step {
          let word = (packed + bit &>> 3).loadUnaligned(as: UInt64.self)
          let delta = word &>> UInt64(truncatingIfNeeded: bit & 7) & mask
          value = value &+ (least &+ Int64(bitPattern: delta))
          target[index &+ offset] = value
          bit &+= width
        }
      } else {
        for offset in 0..<step {
          let delta = BitUnpacking.number(first &+ offset, of: width, from: packed)
          value = value &+ least &+ Int64(bitPattern: delta)
          target[index &+ offset] = value
        }
      }
      self.value = value
      packedIndex += step
      packedLeft -= step
      left -= step
      index += step
    }
  }

  /// The next number.
  mutating func next() throws(ParquetError) -> Int64 {
    var number: Int64 = 0
    try read(1, into: &number)
    return number
  }

  /// Where the numbers end, found by stepping over the miniblocks.
  func endOfNumbers() throws(ParquetError) -> UnsafeRawPointer {
    var reader = self
    if reader.isFirst, reader.left > 0 { (reader.isFirst, reader.left) = (false, reader.left - 1) }
    while reader.left > 0 {
      try reader.beginMiniblock()
      reader.left -= min(reader.left, reader.packedLeft)
    }
    // A block is whole even where its last miniblocks hold nothing: their widths count for nothing.
    return reader.place
  }
}
