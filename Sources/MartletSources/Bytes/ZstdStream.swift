import CZstd

/// What zstd compressed: one frame or several.
final class ZstdStream: ByteStream {
  private let input: CompressedInput
  private let context: OpaquePointer?
  private var held = ZSTD_inBuffer(src: nil, size: 0, pos: 0)

  /// A frame has begun and not ended: the end of the bytes would be too early.
  private var isInFrame = true

  /// The context has bytes left that did not fit into the room.
  private var isFull = false

  init(_ stream: any ByteStream) throws {
    input = CompressedInput(stream)
    context = ZSTD_createDCtx()
    guard context != nil else { throw CompressionError(description: "zstd has no memory") }
  }

  deinit { ZSTD_freeDCtx(context) }

  func read(into room: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      if held.pos == held.size, !isFull {
        let count = try input.refill()
        guard count > 0 else {
          guard !isInFrame else { throw CompressionError.truncated("zstd file") }
          return 0
        }
        held = ZSTD_inBuffer(src: input.room.baseAddress, size: count, pos: 0)
      }
      var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
      let code = ZSTD_decompressStream(context, &output, &held)
      guard ZSTD_isError(code) == 0 else {
        let words = String(cString: ZSTD_getErrorName(code)).lowercased()
        throw CompressionError(description: "the zstd file is damaged: \(words)")
      }
      isInFrame = code != 0
      isFull = isInFrame && output.pos == output.size
      if output.pos > 0 { return output.pos }
    }
  }
}
