public import MartletColumns

/// A value that aggregates can rank, tell apart and write down, the same on every machine.
///
/// The order is total: of two values one ranks below the other, or they are the same value and
/// have the same bits once `normalized`.
///
/// - Doubles: −∞, negative, −0.0, 0.0, positive, +∞, NaN. Every NaN is the same NaN.
/// - Strings and bytes: by their bytes, a prefix first. Unicode's equivalences play no part.
/// - `false` before `true`; times by the clock.
public protocol Ranked: Sendable {
  /// Whether this ranks below `other`.
  func ranksBelow(_ other: Self) -> Bool

  /// The same value with the bits that stand for it.
  var normalized: Self { get }

  /// The value that stands for this one where values are counted: zeros are one key.
  var asKey: Self { get }

  /// Appends the value.
  func write(to writer: inout StateWriter)

  /// Reads what `write(to:)` wrote.
  static func read(from reader: inout StateReader) throws(StateError) -> Self
}

extension Ranked {
  public var normalized: Self { self }

  public var asKey: Self { normalized }

  /// Whether both are the same value, which is stricter than `==`: 0.0 is not −0.0, nor one
  /// spelling of a letter another. NaN is the same as itself.
  public func isSame(as other: Self) -> Bool { !ranksBelow(other) && !other.ranksBelow(self) }
}

extension Int64: Ranked {
  public func ranksBelow(_ other: Int64) -> Bool { self < other }

  public func write(to writer: inout StateWriter) { writer.write(signed: self) }

  public static func read(from reader: inout StateReader) throws(StateError) -> Int64 {
    try reader.readSigned("integer")
  }
}

extension Instant: Ranked {
  public func ranksBelow(_ other: Instant) -> Bool { self < other }

  public func write(to writer: inout StateWriter) { writer.write(signed: microseconds) }

  public static func read(from reader: inout StateReader) throws(StateError) -> Instant {
    Instant(microseconds: try reader.readSigned("time"))
  }
}

extension Bool: Ranked {
  public func ranksBelow(_ other: Bool) -> Bool { !self && other }

  public func write(to writer: inout StateWriter) { writer.write(byte: self ? 1 : 0) }

  public static func read(from reader: inout StateReader) throws(StateError) -> Bool {
    let byte = try reader.readByte("flag")
    guard byte <= 1 else { throw StateError("flag", .outOfRange) }
    return byte == 1
  }
}

extension String: Ranked {
  public func ranksBelow(_ other: String) -> Bool {
    // Texts in one piece of memory, as nearly all are, compare many bytes at a time.
    let found = utf8.withContiguousStorageIfAvailable { mine in
      other.utf8.withContiguousStorageIfAvailable { theirs in
        UnsafeRawBufferPointer(mine).ranksBelow(UnsafeRawBufferPointer(theirs))
      }
    }
    return (found ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
  }

  public func write(to writer: inout StateWriter) { writer.write(counted: utf8) }

  public static func read(from reader: inout StateReader) throws(StateError) -> String {
    guard let text = String(validating: try reader.readCounted("text"), as: UTF8.self) else {
      throw StateError("text", .notCanonical)
    }
    return text
  }
}

extension [UInt8]: Ranked {
  public func ranksBelow(_ other: [UInt8]) -> Bool {
    withUnsafeBytes { mine in other.withUnsafeBytes { mine.ranksBelow($0) } }
  }

  public func write(to writer: inout StateWriter) { writer.write(counted: self) }

  public static func read(from reader: inout StateReader) throws(StateError) -> [UInt8] {
    Array(try reader.readCounted("bytes"))
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these bytes rank below `other`, eight at a time.
  func ranksBelow(_ other: UnsafeRawBufferPointer) -> Bool {
    let shared = Swift.min(count, other.count)
    var offset = 0
    while shared - offset >= 8 {
      let mine = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let theirs = other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if mine != theirs { return UInt64(bigEndian: mine) < UInt64(bigEndian: theirs) }
      offset += 8
    }
    while offset < shared {
      if self[offset] != other[offset] { return self[offset] < other[offset] }
      offset += 1
    }
    return count < other.count
  }
}
