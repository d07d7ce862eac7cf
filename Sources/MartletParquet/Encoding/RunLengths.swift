import MartletColumns

/// Small numbers as runs: of one number many times, or of groups of eight packed numbers.
///
///     repeated    count << 1      | the number in whole bytes
///     packed      groups << 1 | 1 | eight numbers a group, bit-packed
enum RunLengths {
  /// Appends `values`, each under 2^width.
  static func append<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<Word>, width: Int, to output: inout BufferBuilder<UInt8>
  ) {
    var packedFrom = 0
    var at = 0
    // Runs are looked for at every eighth number, so that what lies between is whole groups.
    while at + 8 <= values.count {
      let value = values[at]
      guard values[at + 1] == value, values[at + 7] == value else {
        at += 8
        continue
      }
      var end = at + 1
      while end < values.count, values[end] == value { end += 1 }
      guard end - at >= 8 else {
        at += 8
        continue
      }
      appendPacked(.init(rebasing: values[packedFrom..<at]), width: width, to: &output)
      appendRun(of: UInt64(value), count: end - at, width: width, to: &output)
      at = end
      packedFrom = end
    }
    appendPacked(.init(rebasing: values[packedFrom...]), width: width, to: &output)
  }

  /// Appends one number, `count` times.
  static func appendRun(
    of value: UInt64, count: Int, width: Int, to output: inout BufferBuilder<UInt8>
  ) {
    guard count > 0 else { return }
    output.append(varint: UInt64(count) << 1)
    for byte in 0..<(width + 7) / 8 {
      output.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)))
    }
  }

  private static func appendPacked<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<Word>, width: Int, to output: inout BufferBuilder<UInt8>
  ) {
    guard !values.isEmpty else { return }
    let groupCount = (values.count + 7) / 8
    output.append(varint: UInt64(groupCount) << 1 | 1)
    let start = output.count
    BitPacking.append(values, width: width, to: &output)
    output.append(repeating: 0, count: groupCount * width - (output.count - start))
  }

  /// Appends the bits of `validity`, or ones where there is none: the levels of a flat column.
  static func append(
    validity: Bitmap?, count: Int, to output: inout BufferBuilder<UInt8>
  ) {
    guard let validity, validity.countSetBits() < count else {
      return appendRun(of: 1, count: count, width: 1, to: &output)
    }
    let groupCount = (count + 7) / 8
    output.append(varint: UInt64(groupCount) << 1 | 1)
    // Packed bits are what a bitmap is.
    for index in 0..<validity.wordCount {
      let word = validity.word(index)
      for byte in 0..<min(8, groupCount - index * 8) {
        output.append(UInt8(truncatingIfNeeded: word &>> UInt64(8 * byte)))
      }
    }
  }
}
