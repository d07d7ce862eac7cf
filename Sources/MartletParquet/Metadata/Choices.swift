// Parquet's enumerations. A number that nobody had thought of when this was written is kept, so that
// it can be refused by name where it matters and passed over where it does not.

/// How a column's values are stored.
public struct PhysicalType: CompactChoice {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let boolean = PhysicalType(rawValue: 0)
  public static let int32 = PhysicalType(rawValue: 1)
  public static let int64 = PhysicalType(rawValue: 2)
  public static let int96 = PhysicalType(rawValue: 3)
  public static let float = PhysicalType(rawValue: 4)
  public static let double = PhysicalType(rawValue: 5)
  public static let byteArray = PhysicalType(rawValue: 6)
  public static let fixedLengthByteArray = PhysicalType(rawValue: 7)
}

extension PhysicalType: CustomStringConvertible {
  public var description: String {
    named(
      "type", "BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY",
      "FIXED_LEN_BYTE_ARRAY")
  }
}

/// Whether a field must be there, may be there, or comes any number of times.
public struct Repetition: CompactChoice {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let required = Repetition(rawValue: 0)
  public static let optional = Repetition(rawValue: 1)
  public static let repeated = Repetition(rawValue: 2)
}

extension Repetition: CustomStringConvertible {
  public var description: String { named("repetition", "REQUIRED", "OPTIONAL", "REPEATED") }
}

/// What a column means, as files said it before there were logical types.
public struct ConvertedType: CompactChoice {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let utf8 = ConvertedType(rawValue: 0)
  public static let map = ConvertedType(rawValue: 1)
  public static let mapKeyValue = ConvertedType(rawValue: 2)
  public static let list = ConvertedType(rawValue: 3)
  public static let `enum` = ConvertedType(rawValue: 4)
  public static let decimal = ConvertedType(rawValue: 5)
  public static let date = ConvertedType(rawValue: 6)
  public static let timeMillis = ConvertedType(rawValue: 7)
  public static let timeMicros = ConvertedType(rawValue: 8)
  public static let timestampMillis = ConvertedType(rawValue: 9)
  public static let timestampMicros = ConvertedType(rawValue: 10)
  public static let uint8 = ConvertedType(rawValue: 11)
  public static let uint16 = ConvertedType(rawValue: 12)
  public static let uint32 = ConvertedType(rawValue: 13)
  public static let uint64 = ConvertedType(rawValue: 14)
  public static let int8 = ConvertedType(rawValue: 15)
  public static let int16 = ConvertedType(rawValue: 16)
  public static let int32 = ConvertedType(rawValue: 17)
  public static let int64 = ConvertedType(rawValue: 18)
  public static let json = ConvertedType(rawValue: 19)
  public static let bson = ConvertedType(rawValue: 20)
  public static let interval = ConvertedType(rawValue: 21)
}

extension ConvertedType: CustomStringConvertible {
  public var description: String {
    named(
      "converted type", "UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE",
      "TIME_MILLIS", "TIME_MICROS", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "UINT_8", "UINT_16",
      "UINT_32", "UINT_64", "INT_8", "INT_16", "INT_32", "INT_64", "JSON", "BSON", "INTERVAL")
  }
}

/// How values or levels are written as bytes.
public struct Encoding: CompactChoice {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let plain = Encoding(rawValue: 0)
  /// The dictionary's name in files of old; `rleDictionary` since.
  public static let plainDictionary = Encoding(rawValue: 2)
  public static let rle = Encoding(rawValue: 3)
  public static let bitPacked = Encoding(rawValue: 4)
  public static let deltaBinaryPacked = Encoding(rawValue: 5)
  public static let deltaLengthByteArray = Encoding(rawValue: 6)
  public static let deltaByteArray = Encoding(rawValue: 7)
  public static let rleDictionary = Encoding(rawValue: 8)
  public static let byteStreamSplit = Encoding(rawValue: 9)
}

extension Encoding: CustomStringConvertible {
  public var description: String {
    named(
      "encoding", "PLAIN", "GROUP_VAR_INT", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED",
      "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY",
      "BYTE_STREAM_SPLIT")
  }
}

/// How pages are compressed.
public struct CompressionCodec: CompactChoice {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let uncompressed = CompressionCodec(rawValue: 0)
  public static let snappy = CompressionCodec(rawValue: 1)
  public static let gzip = CompressionCodec(rawValue: 2)
  public static let lzo = CompressionCodec(rawValue: 3)
  public static let brotli = CompressionCodec(rawValue: 4)
  /// LZ4 in a frame of Hadoop's that was never written down; `lz4Raw` since.
  public static let lz4 = CompressionCodec(rawValue: 5)
  public static let zstd = CompressionCodec(rawValue: 6)
  public static let lz4Raw = CompressionCodec(rawValue: 7)
}

extension CompressionCodec: CustomStringConvertible {
  public var description: String {
    named("codec", "UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW")
  }
}

/// What a page holds.
public struct PageType: CompactChoice {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let data = PageType(rawValue: 0)
  public static let index = PageType(rawValue: 1)
  public static let dictionary = PageType(rawValue: 2)
  public static let dataV2 = PageType(rawValue: 3)
}

extension PageType: CustomStringConvertible {
  public var description: String {
    named("page type", "DATA_PAGE", "INDEX_PAGE", "DICTIONARY_PAGE", "DATA_PAGE_V2")
  }
}

/// Whether the pages of a column chunk follow each other in order.
public struct BoundaryOrder: CompactChoice {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let unordered = BoundaryOrder(rawValue: 0)
  public static let ascending = BoundaryOrder(rawValue: 1)
  public static let descending = BoundaryOrder(rawValue: 2)
}

extension CompactChoice {
  /// The format's name for this number, or `noun` with the number where it has none.
  fileprivate func named(_ noun: String, _ names: String...) -> String {
    guard let index = Int(exactly: rawValue), names.indices.contains(index) else {
      return "\(noun) \(rawValue)"
    }
    return names[index]
  }
}
