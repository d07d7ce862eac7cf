/// What stands before each page.
public struct PageHeader: Equatable, Sendable {
  /// What the page holds.
  public var type = PageType.data

  /// The bytes of the page before compression, without this header.
  public var uncompressedByteCount: Int32 = 0

  /// The bytes of the page in the file, without this header.
  public var compressedByteCount: Int32 = 0

  /// The CRC-32 of the page's bytes as they are in the file.
  public var crc: Int32?

  /// One of these is there, by `type`.
  public var data: DataPageHeader?
  public var dictionary: DictionaryPageHeader?
  public var dataV2: DataPageHeaderV2?
}

extension PageHeader: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &type)
    try wire.required(2, &uncompressedByteCount)
    try wire.required(3, &compressedByteCount)
    try wire.optional(4, &crc)
    try wire.optional(5, &data)
    try wire.optional(7, &dictionary)
    try wire.optional(8, &dataV2)
  }
}

/// Of a data page whose levels are compressed together with its values.
public struct DataPageHeader: Equatable, Sendable {
  /// How many values there are, nulls and empty lists among them.
  public var valueCount: Int32 = 0

  /// How values are written.
  public var encoding = Encoding.plain

  /// How definition levels are written.
  public var definitionLevelEncoding = Encoding.rle

  /// How repetition levels are written.
  public var repetitionLevelEncoding = Encoding.rle

  /// What the page's values have in common.
  public var statistics: Statistics?
}

extension DataPageHeader: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &valueCount)
    try wire.required(2, &encoding)
    try wire.required(3, &definitionLevelEncoding)
    try wire.required(4, &repetitionLevelEncoding)
    try wire.optional(5, &statistics)
  }
}

/// Of the page that holds a column chunk's dictionary.
public struct DictionaryPageHeader: Equatable, Sendable {
  /// How many values the dictionary has.
  public var valueCount: Int32 = 0

  /// How values are written: PLAIN, which files of old call `plainDictionary`.
  public var encoding = Encoding.plain

  /// Whether the values ascend.
  public var isSorted: Bool?
}

extension DictionaryPageHeader: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &valueCount)
    try wire.required(2, &encoding)
    try wire.optional(3, &isSorted)
  }
}

/// Of a data page whose levels stand before the values and are not compressed.
public struct DataPageHeaderV2: Equatable, Sendable {
  /// How many values there are, nulls and empty lists among them.
  public var valueCount: Int32 = 0

  /// How many values are null.
  public var nullCount: Int32 = 0

  /// How many rows begin in the page; the first value begins one.
  public var rowCount: Int32 = 0

  /// How values are written.
  public var encoding = Encoding.plain

  /// The bytes of the definition levels.
  public var definitionLevelByteCount: Int32 = 0

  /// The bytes of the repetition levels, which come first.
  public var repetitionLevelByteCount: Int32 = 0

  /// Whether the values are compressed; they are where nothing is said.
  public var isCompressed: Bool?

  /// What the page's values have in common.
  public var statistics: Statistics?
}

extension DataPageHeaderV2: CompactStruct {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &valueCount)
    try wire.required(2, &nullCount)
    try wire.required(3, &rowCount)
    try wire.required(4, &encoding)
    try wire.required(5, &definitionLevelByteCount)
    try wire.required(6, &repetitionLevelByteCount)
    try wire.optional(7, &isCompressed)
    try wire.optional(8, &statistics)
  }
}
