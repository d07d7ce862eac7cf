/// Bytes that are not what was written: which part of them is wrong.
struct RowsError: Error, Equatable {
  var part: StaticString

  init(_ part: StaticString) { self.part = part }

  static func == (one: RowsError, other: RowsError) -> Bool {
    "\(one.part)" == "\(other.part)"
  }
}

/// Reads what a `ByteWriter` wrote, from bytes that may be anything.
struct ByteReader {
  private var rest: UnsafeRawBufferPointer

  /// Reads `bytes` from their beginning. They must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  /// How many bytes are left.
  var remaining: Int { rest.count }

  /// The next `count` bytes.
  @inline(__always)
  mutating func take(_ count: Int, _ part: StaticString) throws(RowsError) -> UnsafeRawBufferPointer
  {
    guard count >= 0, count <= rest.count else { throw RowsError(part) }
    let taken = UnsafeRawBufferPointer(start: rest.baseAddress, count: count)
    rest = UnsafeRawBufferPointer(
      start: rest.baseAddress.map { $0 + count }, count: rest.count - count)
    return taken
  }

  /// The next `count` values of `size` bytes each.
  @inline(__always)
  mutating func take(
    _ count: Int, of size: Int, _ part: StaticString
  ) throws(RowsError) -> UnsafeRawBufferPointer {
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow else { throw RowsError(part) }
    return try take(byteCount, part)
  }

  @inline(__always)
  mutating func readByte(_ part: StaticString) throws(RowsError) -> UInt8 {
    try take(1, part).loadUnaligned(as: UInt8.self)
  }

  @inline(__always)
  mutating func readHalf(_ part: StaticString) throws(RowsError) -> UInt32 {
    UInt32(littleEndian: try take(4, part).loadUnaligned(as: UInt32.self))
  }

  @inline(__always)
  mutating func readWord(_ part: StaticString) throws(RowsError) -> UInt64 {
    UInt64(littleEndian: try take(8, part).loadUnaligned(as: UInt64.self))
  }
}
