/// Writes that take effect together, recorded in one run of bytes.
struct WriteBatch: Sendable {
  /// What becomes of a key.
  enum Kind: Sendable {
    case put
    /// The bytes join those of the value, or are the value where there is none.
    case append
    case remove
    /// All keys from this one up to the one in the value's place, that one not.
    case removeRange
  }

  private struct Write: Sendable {
    var kind: Kind
    var space: Space
    var key: Range<Int>
    var value: Range<Int>
  }

  private var writes: [Write] = []
  private var bytes: [UInt8] = []

  /// Whether keys of `rows` are removed that are not named one by one.
  private(set) var removesRangeOfRows = false

  /// The number of writes.
  var count: Int { writes.count }

  /// The bytes of all keys and values.
  var byteCount: Int { bytes.count }

  /// Records a write.
  mutating func add(
    _ kind: Kind, _ space: Space, _ key: some Collection<UInt8>, _ value: some Collection<UInt8>
  ) {
    let start = bytes.count
    bytes.append(contentsOf: key)
    let middle = bytes.count
    bytes.append(contentsOf: value)
    writes.append(
      Write(kind: kind, space: space, key: start..<middle, value: middle..<bytes.count))
    if kind == .removeRange, space == .rows { removesRangeOfRows = true }
  }

  /// Records a write to the key that `prefix` and `key` make.
  mutating func add(
    _ kind: Kind, _ space: Space, _ prefix: [UInt8], _ key: ArraySlice<UInt8>,
    _ value: UnsafeRawBufferPointer
  ) {
    let start = bytes.count
    bytes += prefix
    bytes += key
    let middle = bytes.count
    bytes.append(contentsOf: value)
    writes.append(
      Write(kind: kind, space: space, key: start..<middle, value: middle..<bytes.count))
  }

  /// Records the writes of `other` behind these.
  mutating func append(_ other: WriteBatch) {
    let shift = bytes.count
    removesRangeOfRows = removesRangeOfRows || other.removesRangeOfRows
    bytes += other.bytes
    writes += other.writes.map { write in
      Write(
        kind: write.kind, space: write.space,
        key: write.key.lowerBound + shift..<write.key.upperBound + shift,
        value: write.value.lowerBound + shift..<write.value.upperBound + shift)
    }
  }

  mutating func put(_ space: Space, _ key: [UInt8], _ value: [UInt8]) {
    add(.put, space, key, value)
  }

  mutating func remove(_ space: Space, _ key: [UInt8]) { add(.remove, space, key, []) }

  mutating func remove(_ space: Space, from start: [UInt8], upTo end: [UInt8]) {
    add(.removeRange, space, start, end)
  }

  /// Calls `body` with each write in its order.
  func forEach(
    _ body: (Kind, Space, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
  ) {
    bytes.withUnsafeBytes { bytes in
      for write in writes {
        body(
          write.kind, write.space, UnsafeRawBufferPointer(rebasing: bytes[write.key]),
          UnsafeRawBufferPointer(rebasing: bytes[write.value]))
      }
    }
  }
}
