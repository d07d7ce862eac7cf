import MartletColumns

/// States as they lie behind an index: of a page, of a tile, or of a page and all behind it.
///
///     small │ large │ checksum │ bytes of the small ones │ of the large ones
///       4       4       4
///
/// Each has a checksum of its own, since a window reads a few of many.
struct StateRecord {
  let small: UnsafeRawBufferPointer
  let large: UnsafeRawBufferPointer

  /// The record that lies at `offset` of `records`.
  init(at offset: Int, of records: UnsafeRawBufferPointer) throws(RowsError) {
    guard offset >= 0, offset <= records.count else { throw RowsError("states") }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: records[offset...]))
    let smallCount = Int(try reader.readHalf("states"))
    let largeCount = Int(try reader.readHalf("states"))
    let checksum = try reader.readHalf("states")
    let content = try reader.take(smallCount + largeCount, "states")
    guard Self.checksum(of: content) == checksum else { throw RowsError("checksum of states") }
    small = UnsafeRawBufferPointer(rebasing: content[..<smallCount])
    large = UnsafeRawBufferPointer(rebasing: content[smallCount...])
  }

  /// The states, to be written again.
  var copied: WrittenStates { WrittenStates(small: Array(small), large: Array(large)) }

  static func checksum(of content: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: XXHash64.hash(content))
  }
}
