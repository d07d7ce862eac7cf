import MartletColumns

/// The pages of a column chunk from the first to the last, the one that is being read taken apart into
/// levels and values.
///
/// It holds one page and what its dictionary is, whatever the size of the chunk.
struct ColumnPages: ~Copyable {
  let column: ParquetColumn
  let rule: ValueRule
  let chunk: ColumnChunk
  let chunkRange: Range<Int>
  let rowCount: Int
  let source: any ByteSource

  /// Where the pages lie, as far as that has been asked for.
  var index = IndexState.unread
  var pages: PageReader
  var dictionary: PageDictionary?

  /// Of the page that is being read: the values and levels that are left.
  var left = 0
  var definitions: LevelReader?
  var repetitions: LevelReader?
  private var values: PageValues?

  /// Values that no page has brought yet; `nil` where pages with lists of unknown length were passed
  /// over, and the chunk ends with its bytes.
  var valuesAhead: Int?

  /// How many times in the dictionary were floored to a whole microsecond.
  private(set) var flooredCount = 0

  /// The place of each page.
  enum IndexState {
    case unread
    case absent
    case known(OffsetIndex)
  }

  /// The pages of `column` that `chunk` describes, whose values are made by `rule`.
  init(
    _ column: ParquetColumn, _ rule: ValueRule, _ source: any ByteSource, _ chunk: ColumnChunk,
    rowCount: Int
  ) throws(ParquetError) {
    let metadata = try chunk.checkedMetadata(for: column, rowCount: rowCount)
    let range = try metadata.byteRange(within: source.byteCount)
    let codec = try Codec(reading: metadata.codec)
    (self.column, self.rule, self.source) = (column, rule, source)
    (self.chunk, self.rowCount, chunkRange) = (chunk, rowCount, range)
    valuesAhead = Int(metadata.valueCount)
    pages = PageReader(source, range, codec)
  }

  /// Whether there is no page behind the one that is being read.
  var isAtEnd: Bool { valuesAhead.map { $0 == 0 } ?? pages.isAtEnd }

  var isNested: Bool { !column.shape.lists.isEmpty }

  /// Appends the next `count` values and nulls of the page to `sink`.
  mutating func append(
    _ count: Int, _ presence: Bitmap?, to sink: inout ValueSink
  ) throws(ParquetError) {
    // Taken out while they are read, so that nothing is copied.
    guard var values = values.take() else { throw .damaged("there is no page") }
    try sink.append(count, of: &values, presence, dictionary)
    self.values = values
  }

  /// Begins the next page that has values.
  mutating func begin() throws(ParquetError) {
    var none = 0
    while left == 0 { try begin(skippingUpTo: &none) }
  }

  /// Reads the next page's header and, unless it is a data page of `rows` or fewer, the page.
  mutating func begin(skippingUpTo rows: inout Int) throws(ParquetError) {
    guard !isAtEnd, let header = try pages.nextHeader() else {
      throw .damaged("the pages end too early")
    }
    switch header.type {
    case .dictionary:
      guard dictionary == nil else { throw .damaged("there is a second dictionary") }
      dictionary = try readDictionary(header)
    case .data, .dataV2:
      let count = Int(
        (header.type == .data ? header.data?.valueCount : header.dataV2?.valueCount) ?? -1)
      guard count >= 0, count <= valuesAhead ?? .max else {
        throw .damaged("the page claims \(count) values of \(valuesAhead ?? 0)")
      }
      valuesAhead = valuesAhead.map { $0 - count }
      if count <= rows, !isNested {
        rows -= count
        pages.skip(header)
      } else {
        try beginValues(of: try pages.read(header), count: count)
      }
    case .index: pages.skip(header)
    default: throw .unsupported("\(header.type)")
    }
  }

  private mutating func beginValues(of page: PageReader.Page, count: Int) throws(ParquetError) {
    let nothing = pages.nothing
    var body = page.body
    let encoding: Encoding
    let (maxRepetition, maxDefinition) = (column.shape.lists.count, column.shape.definition)
    repetitions = nil
    definitions = nil
    if let header = page.header.dataV2 {
      encoding = header.encoding
      let cut = Int(header.repetitionLevelByteCount)
      if maxRepetition > 0 {
        repetitions = LevelReader(
          UnsafeRawBufferPointer(rebasing: page.levels[..<cut]), most: maxRepetition,
          nothing: nothing)
      }
      if maxDefinition > 0 {
        definitions = LevelReader(
          UnsafeRawBufferPointer(rebasing: page.levels[cut...]), most: maxDefinition,
          nothing: nothing)
      }
    } else if let header = page.header.data {
      encoding = header.encoding
      if maxRepetition > 0 {
        repetitions = try .take(
          count, from: &body, most: maxRepetition, header.repetitionLevelEncoding, nothing: nothing)
      }
      if maxDefinition > 0 {
        definitions = try .take(
          count, from: &body, most: maxDefinition, header.definitionLevelEncoding, nothing: nothing)
      }
    } else {
      throw .damaged("the page's header says nothing of its values")
    }
    values = try values(of: body, encoding, nothing)
    left = count
  }

  private func values(
    of body: UnsafeRawBufferPointer, _ encoding: Encoding, _ nothing: UnsafeRawPointer
  ) throws(ParquetError) -> PageValues {
    // Where every value is null some writers leave nothing behind the levels.
    let plain = body.isEmpty && encoding == .deltaBinaryPacked ? Encoding.plain : encoding
    return try PageValues(body, plain, of: column, rule, dictionary, nothing: nothing)
  }

  mutating func readDictionary(_ header: PageHeader) throws(ParquetError) -> PageDictionary {
    guard let about = header.dictionary, about.valueCount >= 0 else {
      throw .damaged("the dictionary's header says nothing of its values")
    }
    guard about.encoding == .plain || about.encoding == .plainDictionary else {
      throw .unsupported("a dictionary in \(about.encoding)")
    }
    let page = try pages.read(header)
    let count = Int(about.valueCount)
    guard count <= page.body.count else {
      throw .damaged("a dictionary of \(count) values in \(page.body.count) bytes")
    }
    var values = try PageValues(
      page.body, .plain, of: column, rule, nil, nothing: pages.nothing)
    var sink = ValueSink(mostBytes: page.body.count * 4)
    try sink.append(count, of: &values, nil, nil)
    flooredCount += sink.flooredCount
    let column = sink.finish(as: rule.columnType)
    switch column.values {
    case .int(let words), .time(let words): return .words(words)
    case .double(let doubles): return .words(doubles.reinterpreted(as: Int64.self))
    case .string(let texts), .bytes(let texts): return .texts(texts)
    default: throw .unsupported("a dictionary of BOOLEAN")
    }
  }
}
