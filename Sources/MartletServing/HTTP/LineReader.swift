import Glibc

/// Finds lines in bytes that are still arriving, looking at each byte once.
///
/// A line ends with CR LF and nothing else: a server and a proxy that differ over a bare LF or CR
/// differ over where a request ends.
struct LineReader {
  /// Where the next line begins.
  private(set) var position: Int

  /// There is no line end between `position` and here.
  private var searched: Int

  init(from position: Int = 0) {
    self.position = position
    searched = position
  }

  /// The next line without its end, or `nil` where its end has not come yet.
  ///
  /// - Parameters:
  ///   - limit: Where the line must have ended.
  ///   - refusal: What is thrown where it has not.
  mutating func next(
    in bytes: Span<UInt8>, before limit: Int, or refusal: RequestRefusal
  ) throws(RequestRefusal) -> Range<Int>? {
    guard let feed = bytes.firstIndex(of: 0x0A, from: searched) else {
      searched = bytes.count
      if bytes.count >= limit { throw refusal }
      return nil
    }
    if feed >= limit { throw refusal }
    guard feed > position, bytes[feed - 1] == 0x0D else { throw .lineEnd }
    let line = position..<feed - 1
    position = feed + 1
    searched = position
    return line
  }
}

extension Span<UInt8> {
  /// Where `byte` stands first, at `start` or later.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard start < count else { return nil }
    return withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress,
        let found = memchr(base + start, Int32(byte), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
