/// A stretch of one file's text, counted in bytes of UTF-8.
///
/// It knows its file, so that a finding may point into several without being told which is which.
public struct TextRange: Hashable, Sendable {
  /// Which of the `TextFiles` this is a stretch of.
  public var file: UInt32

  /// The offset of the first byte.
  public var start: UInt32

  /// The offset just past the last byte.
  public var end: UInt32

  /// The bytes from `start` up to `end`.
  public init(file: UInt32, start: UInt32, end: UInt32) {
    precondition(start <= end, "a stretch of text ends before it starts")
    self.file = file
    self.start = start
    self.end = end
  }
}

extension TextRange {
  /// The number of bytes.
  public var byteCount: Int { Int(end - start) }

  /// Whether nothing lies between the ends.
  public var isEmpty: Bool { start == end }

  /// Whether the byte at `offset` lies inside; the end counts too, so that a cursor just behind a
  /// name is still at the name.
  public func touches(_ offset: Int) -> Bool { Int(start) <= offset && offset <= Int(end) }

  /// The stretch from the start of this to the end of `last`.
  public func through(_ last: TextRange) -> TextRange {
    precondition(file == last.file, "a stretch of text lies in one file")
    return TextRange(file: file, start: min(start, last.start), end: max(end, last.end))
  }

  /// The empty stretch just behind this one.
  public var after: TextRange { TextRange(file: file, start: end, end: end) }
}

extension TextRange: Comparable {
  /// File order, then the order of reading.
  public static func < (one: TextRange, other: TextRange) -> Bool {
    (one.file, one.start, one.end) < (other.file, other.start, other.end)
  }
}
