/// One column of one row group: where its pages lie, and what they are.
public struct ColumnChunk: Equatable, Sendable {
  /// Another file that holds the pages. Nobody reads or writes such files.
  public var filePath: String?

  /// Where a copy of `metadata` lies in the file, or 0.
  public var fileOffset: Int64 = 0

  /// What the pages are; `nil` where it is encrypted.
  public var metadata: ColumnMetadata?

  /// Where the chunk's `OffsetIndex` lies.
  public var offsetIndexOffset: Int64?
  public var offsetIndexByteCount: Int32?

  /// Where the chunk's `ColumnIndex` lies.
  public var columnIndexOffset: Int64?
  public var columnIndexByteCount: Int32?

  /// There when the chunk is encrypted.
  var encryption: CompactMark?
}

extension ColumnChunk: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.optional(1, &filePath)
    try wire.required(2, &fileOffset)
    try wire.optional(3, &metadata)
    try wire.optional(4, &offsetIndexOffset)
    try wire.optional(5, &offsetIndexByteCount)
    try wire.optional(6, &columnIndexOffset)
    try wire.optional(7, &columnIndexByteCount)
    try wire.optional(8, &encryption)
  }
}

/// What the pages of a column chunk are.
public struct ColumnMetadata: Equatable, Sendable {
  /// How values are stored.
  public var type = PhysicalType.boolean

  /// Every encoding in use, for levels and values.
  public var encodings: [Encoding] = []

  /// The column's name from the root, a part for each node.
  public var path: [String] = []

  /// How pages are compressed.
  public var codec = CompressionCodec.uncompressed

  /// How many values there are, nulls and empty lists among them.
  public var valueCount: Int64 = 0

  /// The bytes of all pages with their headers, before compression.
  public var uncompressedByteCount: Int64 = 0

  /// The bytes of all pages with their headers, as they are in the file.
  public var compressedByteCount: Int64 = 0

  /// Notes, by key.
  public var keyValues: [KeyValue]?

  /// Where the first data page begins in the file.
  public var dataPageOffset: Int64 = 0

  /// Where an index page begins. Nobody writes one.
  public var indexPageOffset: Int64?

  /// Where the dictionary page begins.
  public var dictionaryPageOffset: Int64?

  /// What all values have in common.
  public var statistics: Statistics?

  /// How many pages there are of each kind and encoding.
  public var encodingStatistics: [PageEncodingCount]?

  /// Where the bloom filter's header begins.
  public var bloomFilterOffset: Int64?

  /// The bytes of the bloom filter with its header.
  public var bloomFilterByteCount: Int32?
}

extension ColumnMetadata: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &type)
    try wire.required(2, &encodings)
    try wire.required(3, &path)
    try wire.required(4, &codec)
    try wire.required(5, &valueCount)
    try wire.required(6, &uncompressedByteCount)
    try wire.required(7, &compressedByteCount)
    try wire.optional(8, &keyValues)
    try wire.required(9, &dataPageOffset)
    try wire.optional(10, &indexPageOffset)
    try wire.optional(11, &dictionaryPageOffset)
    try wire.optional(12, &statistics)
    try wire.optional(13, &encodingStatistics)
    try wire.optional(14, &bloomFilterOffset)
    try wire.optional(15, &bloomFilterByteCount)
  }
}

/// How many pages of a column chunk are of one kind and encoding.
public struct PageEncodingCount: Equatable, Sendable {
  public var pageType = PageType.data
  public var encoding = Encoding.plain
  public var pageCount: Int32 = 0
}

extension PageEncodingCount: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &pageType)
    try wire.required(2, &encoding)
    try wire.required(3, &pageCount)
  }
}
