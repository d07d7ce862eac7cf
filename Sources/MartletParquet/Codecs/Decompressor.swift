import CBrotli
import CLZ4
import CSnappy
import CZlib
import CZstd

/// Undoes codecs, page after page, with contexts that are made once.
///
/// It belongs to one thread at a time.
public struct Decompressor: ~Copyable {
  private var zstd: OpaquePointer?
  private var inflater: UnsafeMutablePointer<z_stream>?

  /// A decompressor that has made no context yet.
  public init() {}

  deinit {
    ZSTD_freeDCtx(zstd)
    if let inflater {
      inflateEnd(inflater)
      inflater.deallocate()
    }
  }

  /// Fills `output`, whose size was claimed for `input`, to the last byte.
  ///
  /// Never writes outside `output`; whatever claims another size, or stands behind the end, is an
  /// error.
  public mutating func decompress(
    _ input: UnsafeRawBufferPointer, _ codec: Codec, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    switch codec {
    case .none: try copy(input, into: output)
    case .snappy: try unsnap(input, into: output)
    case .gzip: try gunzip(input, into: output)
    case .brotli: try unbrotli(input, into: output)
    case .zstd: try unzstd(input, into: output)
    case .lz4Raw: try unlz4(input, into: output)
    }
  }

  private func copy(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    try CodecError.expect(output.count, got: input.count, of: .none)
    output.copyMemory(from: input)
  }

  private mutating func unzstd(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    if zstd == nil { zstd = ZSTD_createDCtx() }
    let written = ZSTD_decompressDCtx(
      zstd, output.baseAddress, output.count, input.baseAddress, input.count)
    guard ZSTD_isError(written) == 0 else {
      throw CodecError(codec: .zstd, what: zstdFault(written, into: output.count))
    }
    try CodecError.expect(output.count, got: written, of: .zstd)
  }

  private func zstdFault(_ code: Int, into claimed: Int) -> String {
    switch ZSTD_getErrorCode(code) {
    case ZSTD_error_checksum_wrong: "the frame's checksum does not match its content"
    case ZSTD_error_dstSize_tooSmall: "there are more than the claimed \(claimed) bytes"
    default: String(cString: ZSTD_getErrorName(code)).lowercased()
    }
  }

  private func unsnap(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    let source = input.assumingMemoryBound(to: CChar.self).baseAddress
    var count = 0
    guard snappy_uncompressed_length(source, input.count, &count) == SNAPPY_OK else {
      throw CodecError(codec: .snappy, what: "the length in front cannot be read")
    }
    try CodecError.expect(output.count, got: count, of: .snappy)
    let target = output.assumingMemoryBound(to: CChar.self).baseAddress
    // Without bytes there may be no address, and the length in front has said all.
    guard count > 0 else { return }
    guard snappy_uncompress(source, input.count, target, &count) == SNAPPY_OK else {
      throw CodecError(codec: .snappy, what: "the bytes are damaged")
    }
  }

  private func unlz4(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    guard let inputCount = Int32(exactly: input.count), let room = Int32(exactly: output.count)
    else { throw CodecError(codec: .lz4Raw, what: "a block is at most 2 GiB") }
    if input.isEmpty, output.isEmpty { return }
    // LZ4 refuses a nil target even where nothing is to be written.
    var nothing: CChar = 0
    let written = withUnsafeMutablePointer(to: &nothing) { spare in
      LZ4_decompress_safe(
        input.assumingMemoryBound(to: CChar.self).baseAddress,
        output.assumingMemoryBound(to: CChar.self).baseAddress ?? spare, inputCount, room)
    }
    guard written >= 0 else {
      throw CodecError(
        codec: .lz4Raw, what: "the bytes are damaged, or more than the claimed \(room)")
    }
    try CodecError.expect(output.count, got: Int(written), of: .lz4Raw)
  }

  private func unbrotli(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    var count = output.count
    var nothing: UInt8 = 0
    let result = withUnsafeMutablePointer(to: &nothing) { spare in
      BrotliDecoderDecompress(
        input.count, input.assumingMemoryBound(to: UInt8.self).baseAddress, &count,
        output.assumingMemoryBound(to: UInt8.self).baseAddress ?? spare)
    }
    guard result == BROTLI_DECODER_RESULT_SUCCESS else {
      throw CodecError(
        codec: .brotli, what: "the bytes are damaged, or more than the claimed \(output.count)")
    }
    try CodecError.expect(output.count, got: count, of: .brotli)
  }

  /// Reads gzip's frame and, since some writers leave it out, zlib's; several frames may follow
  /// each other.
  private mutating func gunzip(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    guard let inputCount = UInt32(exactly: input.count), let room = UInt32(exactly: output.count)
    else { throw CodecError(codec: .gzip, what: "a page is at most 4 GiB") }
    // Even nothing takes a header; and zlib reads no address that is nil.
    guard inputCount > 0 else { throw CodecError(codec: .gzip, what: "there are no bytes") }
    let stream = try readyInflater()
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = inputCount
    // Where no byte is to be written any address will do, but there must be one.
    let target = output.baseAddress ?? UnsafeMutableRawPointer(stream)
    stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = room
    while true {
      let code = inflate(stream, Z_FINISH)
      guard code == Z_STREAM_END else { throw gzipFault(code, stream, into: output.count) }
      if stream.pointee.avail_in == 0 { break }
      inflateReset(stream)
    }
    try CodecError.expect(
      output.count, got: output.count - Int(stream.pointee.avail_out), of: .gzip)
  }

  private mutating func readyInflater() throws(CodecError) -> UnsafeMutablePointer<z_stream> {
    if let inflater {
      inflateReset(inflater)
      return inflater
    }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, and 32 to tell gzip from zlib by the first bytes.
    let code = inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      throw CodecError(codec: .gzip, what: "zlib could not begin: \(code)")
    }
    inflater = stream
    return stream
  }

  private func gzipFault(
    _ code: Int32, _ stream: UnsafeMutablePointer<z_stream>, into claimed: Int
  ) -> CodecError {
    if code == Z_BUF_ERROR || code == Z_OK {
      let isFull = stream.pointee.avail_out == 0
      return CodecError(
        codec: .gzip,
        what: isFull ? "there are more than the claimed \(claimed) bytes" : "the bytes end early")
    }
    let message = stream.pointee.msg.map { String(cString: $0) }
    return CodecError(codec: .gzip, what: message ?? "zlib says \(code)")
  }
}

extension CodecError {
  fileprivate static func expect(
    _ claimed: Int, got count: Int, of codec: Codec
  ) throws(CodecError) {
    guard count == claimed else {
      throw CodecError(codec: codec, what: "\(count) bytes where \(claimed) were claimed")
    }
  }
}
