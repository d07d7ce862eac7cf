/// What stands before the blocks of a bloom filter.
public struct BloomFilterHeader: Equatable, Sendable {
  /// The bytes of the blocks.
  public var byteCount: Int32 = 0

  /// Whether the filter is of the one kind there is: split blocks, XXH64 without a seed, and no
  /// compression.
  public var isKnown: Bool { algorithm.isFirst && hash.isFirst && compression.isFirst }

  var algorithm = OnlyChoice()
  var hash = OnlyChoice()
  var compression = OnlyChoice()

  /// A union that has had one member so far.
  struct OnlyChoice: Equatable, Sendable {
    var isFirst = true
  }
}

extension BloomFilterHeader: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &byteCount)
    try wire.required(2, &algorithm)
    try wire.required(3, &hash)
    try wire.required(4, &compression)
  }
}

extension BloomFilterHeader.OnlyChoice: CompactValue {
  static var compactType: CompactType { .structure }

  init(from reader: inout CompactReader) throws(ParquetError) {
    var isFirst = false
    try reader.readUnion { (id, _) throws(ParquetError) in isFirst = id == 1 }
    self.isFirst = isFirst
  }

  func write(to writer: inout CompactWriter) { writer.writeUnion(1, CompactMark()) }
}
