/// Where a file's bytes come from: a port, since nothing here opens a file.
///
/// Several threads may read at once.
public protocol ByteSource: Sendable {
  /// The number of bytes.
  var byteCount: Int { get }

  /// Fills `room` with the bytes from `offset` on, all of which lie within `byteCount`.
  func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws
}

/// Bytes that are in memory already.
public struct BytesInMemory: ByteSource {
  private let bytes: [UInt8]

  /// The bytes of `bytes`.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public var byteCount: Int { bytes.count }

  public func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) {
    bytes.withUnsafeBytes {
      room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + room.count]))
    }
  }
}

extension ByteSource {
  /// Fills `room` with the bytes from `offset` on, which must lie within the source.
  func fill(_ room: UnsafeMutableRawBufferPointer, from offset: Int) throws(ParquetError) {
    do { try read(at: offset, into: room) } catch {
      throw ParquetError(.source("\(error)"), at: .init(offset: offset))
    }
  }
}

/// Memory that is used over and over, with slack behind its end that unpacking loops may read.
final class Room {
  private(set) var start = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
  private var capacity = 0

  /// Memory for `byteCount` bytes; what was in it is gone.
  func reserve(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    if byteCount > capacity {
      start.deallocate()
      start = .allocate(byteCount: byteCount + 64, alignment: 64)
      capacity = byteCount
    }
    return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  deinit { start.deallocate() }
}

/// A part of a file, of which a window is held in memory.
struct ByteWindow {
  private let source: any ByteSource
  private let end: Int
  private let room = Room()
  private var held = 0..<0

  /// Bytes read at a time, where a page does not need more.
  var stride = ByteWindow.usualStride

  static let usualStride = 1 << 20

  /// The bytes of `range`, which must lie within `source`.
  init(_ source: any ByteSource, _ range: Range<Int>) {
    self.source = source
    end = range.upperBound
  }

  /// The bytes from `offset` on, at least `count` unless the part ends before.
  ///
  /// They are good until the next call.
  mutating func bytes(
    at offset: Int, atLeast count: Int
  ) throws(ParquetError) -> UnsafeRawBufferPointer {
    let wanted = offset..<min(end, offset + count)
    if wanted.lowerBound < held.lowerBound || wanted.upperBound > held.upperBound {
      let next = offset..<min(end, offset + max(count, stride))
      held = 0..<0
      try source.fill(room.reserve(next.count), from: offset)
      held = next
    }
    return UnsafeRawBufferPointer(
      start: room.start + (offset - held.lowerBound), count: held.upperBound - offset)
  }
}
