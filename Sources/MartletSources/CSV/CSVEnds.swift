/// The bytes that end a field, looked for sixteen at a time.
struct CSVEnds {
  private let one: SIMD16<UInt8>
  private let two: SIMD16<UInt8>
  private let three: SIMD16<UInt8>
  private let four: SIMD16<UInt8>

  /// What ends a field without quotes: a delimiter, a line's end, or a quote that may not stand there.
  init(delimiter: UInt8, quote: UInt8?) {
    one = SIMD16(repeating: delimiter)
    two = SIMD16(repeating: UInt8(ascii: "\n"))
    three = SIMD16(repeating: UInt8(ascii: "\r"))
    four = SIMD16(repeating: quote ?? delimiter)
  }

  /// One byte alone.
  init(_ byte: UInt8) {
    one = SIMD16(repeating: byte)
    two = one
    three = one
    four = one
  }

  /// The first such byte from `start` on, or an offset of at least `end`. Bytes behind the end are
  /// loaded, and so must be there.
  @inline(__always)
  func first(in base: UnsafeRawPointer, from start: Int, to end: Int) -> Int {
    var index = start
    while index < end {
      let bytes = base.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
      let found = (bytes .== one) .| (bytes .== two) .| (bytes .== three) .| (bytes .== four)
      let words = unsafeBitCast(found, to: SIMD2<UInt64>.self)
      if words[0] != 0 { return index + words[0].trailingZeroBitCount / 8 }
      if words[1] != 0 { return index + 8 + words[1].trailingZeroBitCount / 8 }
      index += 16
    }
    return end
  }
}
