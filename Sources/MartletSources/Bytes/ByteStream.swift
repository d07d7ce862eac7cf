import MartletParquet

/// Bytes one after the other, from their beginning to their end, once.
protocol ByteStream: AnyObject {
  /// Puts the bytes that come next at the beginning of `room`, which has some; returns how many they
  /// are, zero at the end alone.
  func read(into room: UnsafeMutableRawBufferPointer) throws -> Int
}

/// A part of what can be read anywhere, read from its beginning.
final class PartStream: ByteStream {
  private let source: any ByteSource
  private var left: Range<Int>

  /// The bytes of `part`, or as many of them as there are.
  init(_ source: any ByteSource, _ part: Range<Int> = 0..<Int.max) {
    self.source = source
    left = part.clamped(to: 0..<source.byteCount)
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(room.count, left.count)
    guard count > 0 else { return 0 }
    try source.read(
      at: left.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: room[..<count]))
    left = left.lowerBound + count..<left.upperBound
    return count
  }
}
