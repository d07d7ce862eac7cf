/// Texts under construction.
public struct StringsBuilder: ~Copyable {
  private var offsets: BufferBuilder<Int32>
  private var bytes: BufferBuilder<UInt8>

  /// An empty builder with room for `capacity` texts of `byteCapacity` bytes in all.
  public init(capacity: Int = 0, byteCapacity: Int = 0) {
    offsets = BufferBuilder(capacity: capacity + 1)
    bytes = BufferBuilder(capacity: byteCapacity)
    offsets.append(0)
  }

  /// The number of texts so far.
  public var count: Int { offsets.count - 1 }

  /// The bytes so far.
  public var byteCount: Int { bytes.count }

  /// Whether `more` bytes still fit into one column.
  public func hasRoom(for more: Int) -> Bool { more <= Strings.mostBytes - bytes.count }

  /// Appends a text.
  public mutating func append(_ string: String) {
    var string = string
    string.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends a text given as bytes. There must be room.
  public mutating func append(_ text: UnsafeRawBufferPointer) {
    precondition(hasRoom(for: text.count), "a column holds at most \(Strings.mostBytes) bytes")
    bytes.append(contentsOf: text.assumingMemoryBound(to: UInt8.self))
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
  }

  /// Appends an empty text, as a null's slot holds.
  public mutating func appendEmpty() {
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
  }

  /// The texts.
  public consuming func finish() -> Strings {
    Strings(offsets: offsets.finish(), bytes: bytes.finish())
  }
}
