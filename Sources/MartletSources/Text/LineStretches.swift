import MartletParquet

/// Where a file of text can be cut so that each part is whole records.
///
/// In CSV a line's end between quotes ends no record, and whether a place lies between quotes only the quotes
/// before it tell. They are counted, which is far quicker than reading:
///
///     a,"b⏎c"⏎d,e⏎f…      quotes so far  0 … 1 … 2     an even number: outside
struct LineStretches {
  private let quote: UInt8?
  private let byteCount: Int

  /// Cuts parts of at least `byteCount` bytes.
  init(of byteCount: Int, quote: UInt8?) {
    self.quote = quote
    self.byteCount = max(byteCount, 1)
  }

  /// The parts of `source`, in order.
  func cut(_ source: any ByteSource, chunk: Int = 1 << 20) throws -> [Range<Int>] {
    guard source.byteCount / 2 >= byteCount else { return [0..<source.byteCount] }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 64)
    defer { room.deallocate() }
    var ends: [Int] = []
    var (isInside, offset, target) = (false, 0, byteCount)
    while offset < source.byteCount {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: room[..<min(chunk, source.byteCount - offset)])
      try source.read(at: offset, into: part)
      var index = 0
      while index < part.count {
        if offset + index < target {
          let next = min(part.count, target - offset)
          if !countQuotes(part[index..<next]).isMultiple(of: 2) { isInside.toggle() }
          index = next
          continue
        }
        let byte = part[index]
        index += 1
        if byte == quote { isInside.toggle() }
        if byte == UInt8(ascii: "\n"), !isInside {
          ends.append(offset + index)
          target = offset + index + byteCount
        }
      }
      offset += part.count
    }
    if ends.last != source.byteCount { ends.append(source.byteCount) }
    return zip([0] + ends, ends).map { $0..<$1 }
  }

  private func countQuotes(_ bytes: Slice<UnsafeMutableRawBufferPointer>) -> Int {
    guard let quote else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: bytes)
    let quotes = SIMD16(repeating: quote)
    var (count, index) = (0, 0)
    while index + 16 <= bytes.count {
      let found = bytes.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self) .== quotes
      let words = unsafeBitCast(found, to: SIMD2<UInt64>.self)
      count += words[0].nonzeroBitCount + words[1].nonzeroBitCount
      index += 16
    }
    count /= 8
    while index < bytes.count {
      if bytes[index] == quote { count += 1 }
      index += 1
    }
    return count
  }
}
