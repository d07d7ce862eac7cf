import MartletColumns

/// The values of a page, ready to be read by what its column makes of them.
enum PageValues {
  case flags(FlagReader)
  case numbers(NumberReader, ValueRule.NumberRule)
  case decoded(TextReader, ValueRule.BytesRule)
  case texts(TextReader)
  case uuids(TextReader)
  /// Numbers of texts in the column's dictionary.
  case codes(RunReader)
}

/// What a column chunk's dictionary page holds, made of by the column's rule.
enum PageDictionary {
  case words(Buffer<Int64>)
  case texts(Strings)

  var count: Int {
    switch self {
    case .words(let words): words.count
    case .texts(let texts): texts.count
    }
  }
}

extension PageValues {
  /// The values of `bytes`, which are in `encoding`.
  init(
    _ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, of column: ParquetColumn,
    _ rule: ValueRule, _ dictionary: PageDictionary?, nothing: UnsafeRawPointer
  ) throws(ParquetError) {
    if encoding == .rleDictionary || encoding == .plainDictionary {
      self = try PageValues.looked(up: bytes, rule, dictionary, nothing: nothing)
      return
    }
    switch rule {
    case .flags: self = .flags(try FlagReader(bytes, encoding, nothing: nothing))
    case .numbers(_, let rule):
      self = .numbers(
        try NumberReader(bytes, encoding, column.physicalType, nothing: nothing), rule)
    case .decoded(_, let rule):
      self = .decoded(try PageValues.texts(bytes, encoding, column, nothing), rule)
    case .texts: self = .texts(try PageValues.texts(bytes, encoding, column, nothing))
    case .uuids: self = .uuids(try PageValues.texts(bytes, encoding, column, nothing))
    }
  }

  private static func texts(
    _ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, _ column: ParquetColumn,
    _ nothing: UnsafeRawPointer
  ) throws(ParquetError) -> TextReader {
    try TextReader(bytes, encoding, fixedByteCount: column.fixedByteCount, nothing: nothing)
  }

  /// Values that are numbers of the dictionary's, the numbers' width before them.
  private static func looked(
    up bytes: UnsafeRawBufferPointer, _ rule: ValueRule, _ dictionary: PageDictionary?,
    nothing: UnsafeRawPointer
  ) throws(ParquetError) -> PageValues {
    guard let dictionary else { throw .damaged("there is no dictionary before the page") }
    // A page of nulls may have no bytes at all.
    let width = Int(bytes.first ?? 0)
    guard width <= 32 else { throw .damaged("numbers of \(width) bits") }
    let codes = RunReader(
      UnsafeRawBufferPointer(rebasing: bytes.dropFirst()), width: width, nothing: nothing)
    switch dictionary {
    case .words(let words): return .numbers(.dictionary(codes, words), .same)
    case .texts(let texts) where rule.columnType == .bytes:
      return .texts(TextReader(codes, of: texts, nothing: nothing))
    case .texts: return .codes(codes)
    }
  }
}

extension NumberReader {
  /// The numbers of `bytes`, stored as `type` in `encoding`.
  init(
    _ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, _ type: PhysicalType,
    nothing: UnsafeRawPointer
  ) throws(ParquetError) {
    let width = type == .int32 || type == .float ? 4 : 8
    let rest = Bytes(bytes, nothing: nothing)
    switch encoding {
    case .plain: self = width == 4 ? .plain32(rest) : .plain64(rest)
    case .deltaBinaryPacked where type == .int32 || type == .int64:
      self = .delta(try DeltaReader(bytes, nothing: nothing), width: width)
    case .byteStreamSplit:
      self = .split(rest, index: 0, count: bytes.count / width, width: width)
    default: throw .unsupported("\(encoding) of \(type)")
    }
  }
}

/// Reads a page's truths, each a bit.
enum FlagReader {
  case plain(NumberReader.Bytes, index: Int)
  case runs(RunReader)

  init(
    _ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, nothing: UnsafeRawPointer
  ) throws(ParquetError) {
    switch encoding {
    case .plain: self = .plain(.init(bytes, nothing: nothing), index: 0)
    case .rle:
      var rest = NumberReader.Bytes(bytes, nothing: nothing)
      let size = Int(UInt32(littleEndian: try rest.take(4).loadUnaligned(as: UInt32.self)))
      let runs = UnsafeRawBufferPointer(start: try rest.take(size), count: size)
      self = .runs(RunReader(runs, width: 1, nothing: nothing))
    default: throw .unsupported("\(encoding) of BOOLEAN")
    }
  }

  /// Writes the next `count` truths to `target`.
  mutating func read(_ count: Int, into target: UnsafeMutablePointer<Bool>) throws(ParquetError) {
    switch self {
    case .plain(let bytes, let index):
      guard index + count <= bytes.left * 8 else { throw .truncated }
      for offset in 0..<count {
        let bit = index &+ offset
        let byte = bytes.place.load(fromByteOffset: bit / 8, as: UInt8.self)
        target[offset] = byte &>> UInt8(bit % 8) & 1 == 1
      }
      self = .plain(bytes, index: index + count)
    case .runs(var runs):
      var number: Int32 = 0
      for offset in 0..<count {
        try runs.read(1, into: &number)
        target[offset] = number == 1
      }
      self = .runs(runs)
    }
  }
}
