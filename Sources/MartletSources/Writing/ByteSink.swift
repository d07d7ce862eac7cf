import CZlib
import CZstd

/// Where the bytes of a file of text go, compressed on their way or not.
protocol ByteSink: AnyObject {
  /// Takes the bytes that come next.
  func write(_ bytes: Span<UInt8>) throws

  /// Hands on what is still held, and the end of what was begun.
  func finish() throws
}

extension FileCompression {
  /// A sink that hands `sink` the bytes as this compresses them.
  ///
  /// - Parameter zstdLevel: How hard zstd tries, where it is asked for.
  func sink(_ sink: @escaping TableWriters.Sink, zstdLevel: Int) -> any ByteSink {
    switch self {
    case .none: PlainSink(sink)
    case .gzip: GzipSink(sink)
    case .zstd: ZstdSink(sink, level: zstdLevel)
    }
  }
}

/// Where bytes go once they are compressed.
private struct CompressedOutput {
  var sink: TableWriters.Sink

  /// Hands over the first of `bytes`.
  func hand(_ bytes: borrowing [UInt8], _ count: Int) throws {
    let bytes = bytes.span
    try sink(bytes.extracting(0..<count))
  }
}

/// Bytes handed on as they are.
private final class PlainSink: ByteSink {
  private let sink: TableWriters.Sink

  init(_ sink: @escaping TableWriters.Sink) { self.sink = sink }

  func write(_ bytes: Span<UInt8>) throws { try sink(bytes) }

  func finish() {}
}

/// One member of gzip, with the checksum and the length of its bytes behind it.
private final class GzipSink: ByteSink {
  private let sink: CompressedOutput
  private let deflater: UnsafeMutablePointer<z_stream>
  private var room = [UInt8](repeating: 0, count: 1 << 16)

  init(_ sink: @escaping TableWriters.Sink) {
    self.sink = CompressedOutput(sink: sink)
    deflater = .allocate(capacity: 1)
    deflater.initialize(to: z_stream())
    // The usual level, the largest window there is, and gzip's frame. Its header names no file and no
    // time, so that the same rows are the same bytes.
    let (level, windowBits, memory): (Int32, Int32, Int32) = (6, 15 + 16, 8)
    let code = deflateInit2_(
      deflater, level, Z_DEFLATED, windowBits, memory, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib has no memory")
  }

  deinit {
    deflateEnd(deflater)
    deflater.deallocate()
  }

  func write(_ bytes: Span<UInt8>) throws { try deflate(bytes, Z_NO_FLUSH) }

  func finish() throws { try deflate(Span(), Z_FINISH) }

  private func deflate(_ bytes: Span<UInt8>, _ flush: Int32) throws {
    precondition(bytes.count <= Int(Int32.max), "\(bytes.count) bytes at once")
    try bytes.withUnsafeBufferPointer { bytes in
      // The deflater reads from here alone, though its field is one that may be written to.
      deflater.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
      deflater.pointee.avail_in = UInt32(truncatingIfNeeded: bytes.count)
      while true {
        let written = room.withUnsafeMutableBufferPointer { room in
          deflater.pointee.next_out = room.baseAddress
          deflater.pointee.avail_out = UInt32(truncatingIfNeeded: room.count)
          _ = CZlib.deflate(deflater, flush)
          return room.count - Int(deflater.pointee.avail_out)
        }
        if written > 0 { try sink.hand(room, written) }
        // Room that was left over is the sign that nothing is held back.
        if written < room.count { return }
      }
    }
  }
}

/// One frame of zstd, with a checksum of its bytes behind it.
private final class ZstdSink: ByteSink {
  private let sink: CompressedOutput
  private let context: OpaquePointer?
  private var room = [UInt8](repeating: 0, count: 1 << 17)

  init(_ sink: @escaping TableWriters.Sink, level: Int) {
    self.sink = CompressedOutput(sink: sink)
    context = ZSTD_createCCtx()
    precondition(context != nil, "zstd has no memory")
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  func write(_ bytes: Span<UInt8>) throws { try compress(bytes, ZSTD_e_continue) }

  func finish() throws { try compress(Span(), ZSTD_e_end) }

  private func compress(_ bytes: Span<UInt8>, _ directive: ZSTD_EndDirective) throws {
    try bytes.withUnsafeBufferPointer { bytes in
      var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      while true {
        let (left, written) = room.withUnsafeMutableBufferPointer { room in
          var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          let left = ZSTD_compressStream2(context, &output, &input, directive)
          precondition(ZSTD_isError(left) == 0, String(cString: ZSTD_getErrorName(left)))
          return (left, output.pos)
        }
        if written > 0 { try sink.hand(room, written) }
        if directive == ZSTD_e_end ? left == 0 : input.pos == input.size { return }
      }
    }
  }
}
