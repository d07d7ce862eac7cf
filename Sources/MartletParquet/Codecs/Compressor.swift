import CBrotli
import CLZ4
public import MartletColumns
import CSnappy
import CZlib
import CZstd

/// Makes bytes fewer, page after page, with contexts that are made once.
///
/// What comes out depends on the bytes, the codec and the level alone. It belongs to one thread at a
/// time.
public struct Compressor: ~Copyable {
  /// How pages are compressed.
  public let compression: Compression

  private var zstd: OpaquePointer?

  /// A compressor that has made no context yet.
  public init(_ compression: Compression) { self.compression = compression }

  deinit { ZSTD_freeCCtx(zstd) }

  /// Appends what `input` becomes to `output`.
  public mutating func compress(
    _ input: UnsafeRawBufferPointer, into output: inout BufferBuilder<UInt8>
  ) {
    switch compression.codec {
    case .none: output.append(contentsOf: input.assumingMemoryBound(to: UInt8.self))
    case .snappy: snap(input, into: &output)
    case .gzip: gzip(input, into: &output)
    case .brotli: brotli(input, into: &output)
    case .zstd: zstd(input, into: &output)
    case .lz4Raw: lz4(input, into: &output)
    }
  }

  private mutating func zstd(
    _ input: UnsafeRawBufferPointer, into output: inout BufferBuilder<UInt8>
  ) {
    if zstd == nil {
      zstd = ZSTD_createCCtx()
      ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, Int32(compression.level))
      ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1)
    }
    let context = zstd
    output.append(upTo: ZSTD_compressBound(input.count)) { room in
      let written = ZSTD_compress2(
        context, room.baseAddress, room.count, input.baseAddress, input.count)
      precondition(ZSTD_isError(written) == 0, String(cString: ZSTD_getErrorName(written)))
      return written
    }
  }

  private func snap(_ input: UnsafeRawBufferPointer, into output: inout BufferBuilder<UInt8>) {
    output.append(upTo: snappy_max_compressed_length(input.count)) { room in
      var written = room.count
      let code = room.withMemoryRebound(to: CChar.self) { room in
        snappy_compress(
          input.assumingMemoryBound(to: CChar.self).baseAddress, input.count, room.baseAddress,
          &written)
      }
      precondition(code == SNAPPY_OK, "snappy says \(code)")
      return written
    }
  }

  private func lz4(_ input: UnsafeRawBufferPointer, into output: inout BufferBuilder<UInt8>) {
    output.append(upTo: Int(LZ4_compressBound(Int32(input.count)))) { room in
      room.withMemoryRebound(to: CChar.self) { room in
        Int(
          LZ4_compress_default(
            input.assumingMemoryBound(to: CChar.self).baseAddress, room.baseAddress,
            Int32(input.count), Int32(room.count)))
      }
    }
  }

  private func brotli(_ input: UnsafeRawBufferPointer, into output: inout BufferBuilder<UInt8>) {
    output.append(upTo: BrotliEncoderMaxCompressedSize(input.count) + 16) { room in
      var written = room.count
      let code = BrotliEncoderCompress(
        Int32(compression.level), BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, input.count,
        input.assumingMemoryBound(to: UInt8.self).baseAddress, &written, room.baseAddress)
      precondition(code == BROTLI_TRUE, "brotli refuses")
      return written
    }
  }

  private func gzip(_ input: UnsafeRawBufferPointer, into output: inout BufferBuilder<UInt8>) {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip's frame.
    let code = deflateInit2_(
      &stream, Int32(compression.level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib says \(code)")
    defer { deflateEnd(&stream) }
    output.append(upTo: Int(deflateBound(&stream, UInt(input.count)))) { room in
      stream.next_in = UnsafeMutablePointer(
        mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
      stream.avail_in = UInt32(input.count)
      stream.next_out = room.baseAddress
      stream.avail_out = UInt32(room.count)
      let code = deflate(&stream, Z_FINISH)
      precondition(code == Z_STREAM_END, "zlib says \(code)")
      return room.count - Int(stream.avail_out)
    }
  }
}

/// A codec and how hard it tries.
public struct Compression: Hashable, Sendable {
  /// The codec.
  public let codec: Codec

  /// How hard it tries, on the codec's own scale; means nothing to those that have none.
  public let level: Int

  private init(_ codec: Codec, level: Int) {
    self.codec = codec
    self.level = level
  }

  /// The levels that `zstd(level:)` takes.
  public static let zstdLevels = 1...22

  /// zstd; each frame carries a checksum of its content.
  public static func zstd(level: Int = 3) -> Compression {
    precondition(zstdLevels.contains(level), "zstd level \(level)")
    return Compression(.zstd, level: level)
  }

  /// Bytes as they are.
  public static let none = Compression(.none, level: 0)

  /// Quick, for what is read soon.
  public static let snappy = Compression(.snappy, level: 0)

  /// DEFLATE in gzip's frame.
  public static let gzip = Compression(.gzip, level: 6)

  /// Brotli at a middling level.
  public static let brotli = Compression(.brotli, level: 5)

  /// LZ4's blocks without a frame.
  public static let lz4Raw = Compression(.lz4Raw, level: 0)
}
