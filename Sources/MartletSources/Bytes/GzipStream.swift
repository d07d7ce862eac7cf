import CZlib

/// What gzip compressed: one member or, as from files that were joined, several.
final class GzipStream: ByteStream {
  private let input: CompressedInput
  private let inflater: UnsafeMutablePointer<z_stream>

  /// A member has begun and not ended: the end of the bytes would be too early.
  private var isInMember = true

  /// The inflater has bytes left that did not fit into the room.
  private var isFull = false

  init(_ stream: any ByteStream) throws {
    input = CompressedInput(stream)
    inflater = .allocate(capacity: 1)
    inflater.initialize(to: z_stream())
    // The largest window there is, and gzip's frame alone.
    let windowBits: Int32 = 15 + 16
    let code = inflateInit2_(
      inflater, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw CompressionError(description: "zlib has no memory") }
  }

  deinit {
    inflateEnd(inflater)
    inflater.deallocate()
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws -> Int {
    let limit = min(room.count, Int(Int32.max))
    while true {
      if inflater.pointee.avail_in == 0, !isFull {
        let count = try input.refill()
        guard count > 0 else {
          guard !isInMember else { throw CompressionError.truncated("gzip file") }
          return 0
        }
        inflater.pointee.next_in = input.room.bindMemory(to: UInt8.self).baseAddress
        inflater.pointee.avail_in = UInt32(truncatingIfNeeded: count)
      }
      if !isInMember {
        inflateReset(inflater)
        isInMember = true
      }
      inflater.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
      inflater.pointee.avail_out = UInt32(truncatingIfNeeded: limit)
      let code = inflate(inflater, Z_NO_FLUSH)
      switch code {
      case Z_STREAM_END: isInMember = false
      case Z_OK, Z_BUF_ERROR: break
      default:
        let words = inflater.pointee.msg.map { String(cString: $0) } ?? "code \(code)"
        throw CompressionError(description: "the gzip file is damaged: \(words)")
      }
      isFull = isInMember && inflater.pointee.avail_out == 0
      let written = limit - Int(inflater.pointee.avail_out)
      if written > 0 { return written }
    }
  }
}
