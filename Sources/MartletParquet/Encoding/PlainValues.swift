import MartletColumns

/// PLAIN: values one after the other, as a machine holds them.
enum PlainValues {
  /// Appends the bytes of `values`. The machine's order is Parquet's.
  static func append<Number: BitwiseCopyable>(
    _ values: UnsafeBufferPointer<Number>, to output: inout BufferBuilder<UInt8>
  ) {
    output.append(raw: UnsafeRawBufferPointer(values))
  }

  /// Appends flags, a bit each.
  static func append(
    flags: UnsafeBufferPointer<Bool>, to output: inout BufferBuilder<UInt8>
  ) {
    flags.withMemoryRebound(to: UInt8.self) { BitPacking.append($0, width: 1, to: &output) }
  }

  /// Appends texts, each behind its length, or all without where they are of one length.
  static func append(texts: Strings, lengths: Bool, to output: inout BufferBuilder<UInt8>) {
    if !lengths {
      let first = Int(texts.offsets[0])
      texts.bytes.slice(first..<first + texts.textByteCount).withUnsafeBufferPointer {
        output.append(contentsOf: $0)
      }
      return
    }
    let size = texts.textByteCount + 4 * texts.count
    texts.bytes.withUnsafeBufferPointer { bytes in
      texts.offsets.withUnsafeBufferPointer { offsets in
        output.append(upTo: size) { room in
          guard let start = room.baseAddress else { return 0 }
          var target = UnsafeMutableRawPointer(start)
          for index in 0..<offsets.count - 1 {
            let length = Int(offsets[index + 1] - offsets[index])
            target.storeBytes(of: UInt32(length).littleEndian, as: UInt32.self)
            target += 4
            if length > 0, let source = bytes.baseAddress {
              target.copyMemory(from: source + Int(offsets[index]), byteCount: length)
              target += length
            }
          }
          return size
        }
      }
    }
  }
}

/// DELTA_LENGTH_BYTE_ARRAY: the lengths of texts by their distances, then all bytes.
enum DeltaLengths {
  /// Appends `texts`.
  static func append(_ texts: Strings, to output: inout BufferBuilder<UInt8>) {
    let lengths = Buffer((0..<texts.count).map { Int64(texts.range($0).count) })
    lengths.withUnsafeBufferPointer { DeltaPacking.append($0, to: &output) }
    let first = Int(texts.offsets[0])
    texts.bytes.withUnsafeBufferPointer { bytes in
      output.append(
        contentsOf: UnsafeBufferPointer(rebasing: bytes[first..<first + texts.textByteCount]))
    }
  }
}

/// BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones, and so on. Exponents come
/// to lie side by side, which compresses.
enum ByteStreams {
  /// Appends the bytes of `values`.
  static func append<Word: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<Word>, to output: inout BufferBuilder<UInt8>
  ) {
    let width = MemoryLayout<Word>.size
    output.append(upTo: values.count * width) { room in
      var inEights = 0
      if width == 8, let source = values.baseAddress, let target = room.baseAddress {
        inEights = values.count & ~7
        for index in stride(from: 0, to: inEights, by: 8) {
          var matrix = ByteMatrix(at: source + index, stride: 8)
          matrix.transpose()
          matrix.store(at: target + index, stride: values.count)
        }
      }
      for stream in 0..<width {
        let shift = Word(truncatingIfNeeded: 8 * stream)
        let start = stream * values.count
        for index in inEights..<values.count {
          room[start &+ index] = UInt8(truncatingIfNeeded: values[index] &>> shift)
        }
      }
      return values.count * width
    }
  }
}
