import MartletParquet

/// How the bytes of a whole file are compressed, which the last ending of its name says.
public enum FileCompression: String, Sendable, CaseIterable {
  case none = ""
  case gzip = ".gz"
  case zstd = ".zst"

  /// The bytes of `source`, as they were before they were compressed.
  func stream(_ source: any ByteSource) throws -> any ByteStream {
    let stream = PartStream(source)
    return switch self {
    case .none: stream
    case .gzip: try GzipStream(stream)
    case .zstd: try ZstdStream(stream)
    }
  }
}

/// Compressed bytes cannot be undone.
struct CompressionError: Error, CustomStringConvertible {
  var description: String

  static func truncated(_ what: String) -> Self {
    Self(description: "the \(what) ends too early")
  }
}

/// Compressed bytes of which a part is held in memory.
final class CompressedInput {
  private let stream: any ByteStream
  let room: UnsafeMutableRawBufferPointer

  /// As much as is read at a time.
  static let roomByteCount = 1 << 18

  init(_ stream: any ByteStream) {
    self.stream = stream
    room = .allocate(byteCount: Self.roomByteCount, alignment: 64)
  }

  deinit { room.deallocate() }

  /// Replaces what is held by what comes next; returns how many bytes.
  func refill() throws -> Int { try stream.read(into: room) }
}
