import MartletColumns

/// Keys side by side, without an allocation for each.
struct KeyList {
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// The number of keys.
  var count: Int { ends.count }

  /// Where key `index` lies.
  func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// Appends the key that `body` writes.
  mutating func append(_ body: (inout [UInt8]) -> Void) {
    body(&bytes)
    ends.append(bytes.count)
  }

  /// Makes room for `count` keys of about `byteCount` bytes each.
  mutating func reserve(_ count: Int, byteCount: Int) {
    ends.reserveCapacity(count)
    bytes.reserveCapacity(count * byteCount)
  }

  /// Calls `body` with the bytes of key `index`.
  func withKey<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range(index)])) }
  }
}
