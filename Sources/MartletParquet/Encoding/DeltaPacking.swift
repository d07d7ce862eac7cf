import MartletColumns

/// DELTA_BINARY_PACKED: integers by their distances, in blocks of 128, each with its least distance
/// and four packed rows of 32 of what the distances are above it.
///
///     128 | 4 | count | first, then for each block:  least | four widths | 32 · width bits, four times
///
/// Distances wrap, so that any integer may follow any other; those of 32 bits wrap at 32, since
/// readers take no wider ones.
enum DeltaPacking {
  private static let blockSize = 128
  private static let rowSize = 32

  /// Appends `values`, which have 32 bits where they are narrow.
  static func append(
    _ values: UnsafeBufferPointer<Int64>, isNarrow: Bool = false,
    to output: inout BufferBuilder<UInt8>
  ) {
    output.append(varint: UInt64(blockSize))
    output.append(varint: UInt64(blockSize / rowSize))
    output.append(varint: UInt64(values.count))
    output.append(zigzag: values.first ?? 0)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockSize) { distances in
      var at = 1
      while at < values.count {
        let count = min(blockSize, values.count - at)
        fill(distances, with: values, at: at, count: count, isNarrow: isNarrow)
        appendBlock(of: count, in: distances, to: &output)
        at += count
      }
    }
  }

  private static func fill(
    _ distances: UnsafeMutableBufferPointer<UInt64>, with values: UnsafeBufferPointer<Int64>,
    at: Int, count: Int, isNarrow: Bool
  ) {
    for index in 0..<count {
      let distance = values[at &+ index] &- values[at &+ index &- 1]
      distances[index] = UInt64(bitPattern: distance)
    }
    guard isNarrow else { return }
    for index in 0..<count {
      let wrapped = Int32(truncatingIfNeeded: distances[index])
      distances[index] = UInt64(bitPattern: Int64(wrapped))
    }
  }

  private static func appendBlock(
    of count: Int, in distances: UnsafeMutableBufferPointer<UInt64>,
    to output: inout BufferBuilder<UInt8>
  ) {
    var least = Int64.max
    for index in 0..<count { least = min(least, Int64(bitPattern: distances[index])) }
    for index in 0..<count { distances[index] &-= UInt64(bitPattern: least) }
    // The last row is filled up with the least distance; whole rows behind it are left out.
    for index in count..<blockSize { distances[index] = 0 }
    output.append(zigzag: least)
    let widths = stride(from: 0, to: blockSize, by: rowSize).map { row in
      width(of: UnsafeBufferPointer(rebasing: distances[row..<row + rowSize]))
    }
    for width in widths { output.append(UInt8(width)) }
    for (row, width) in widths.enumerated() where row * rowSize < count {
      let packed = distances[row * rowSize..<(row + 1) * rowSize]
      BitPacking.append(UnsafeBufferPointer(rebasing: packed), width: width, to: &output)
    }
  }

  private static func leastDistance(
    _ values: UnsafeBufferPointer<Int64>, at: Int, count: Int
  ) -> Int64 {
    var least = Int64.max
    for index in at..<at &+ count { least = min(least, values[index] &- values[index &- 1]) }
    return least
  }

  private static func width(of distances: UnsafeBufferPointer<UInt64>) -> Int {
    var bits: UInt64 = 0
    for distance in distances { bits |= distance }
    return BitPacking.width(of: bits)
  }

  /// About how many bytes `values` take, from every eighth block.
  static func estimatedByteCount(_ values: UnsafeBufferPointer<Int64>) -> Int {
    guard values.count > 1 else { return 16 }
    var sampled = 0
    var bytes = 0
    for at in stride(from: 1, to: values.count, by: blockSize * 8) {
      let count = min(blockSize, values.count - at)
      let least = leastDistance(values, at: at, count: count)
      for row in stride(from: at, to: at + count, by: rowSize) {
        var bits: UInt64 = 0
        for index in row..<min(row + rowSize, at + count) {
          bits |= UInt64(bitPattern: values[index] &- values[index &- 1] &- least)
        }
        bytes += rowSize * BitPacking.width(of: bits) / 8 + 1
      }
      bytes += BitPacking.width(of: least.magnitude) / 7 + 1
      sampled += count
    }
    return bytes * values.count / sampled
  }
}
