import MartletColumns

/// Reads the rows of one column chunk from the first to the last, some at a time.
///
/// It holds one page and what its dictionary is, whatever the size of the chunk. It belongs to one
/// thread at a time.
final class ColumnCursor {
  let column: ParquetColumn
  private let rule: ValueRule
  private let type: ColumnType
  /// How the values are stored, where they are read so.
  private let stored: StoredColumn?
  private var pages: PageReader
  private var dictionary: PageDictionary?

  /// Of the page that is being read: the values and levels that are left.
  private var left = 0
  private var values: PageValues?
  private var definitions: LevelReader?
  private var repetitions: LevelReader?

  /// Values that no page has brought yet; `nil` where pages with lists of unknown length were passed
  /// over, and the chunk ends with its bytes.
  private var valuesAhead: Int?
  /// The rows that have been read or passed over.
  private var row = 0
  private let rowCount: Int
  private let chunk: ColumnChunk
  private let source: any ByteSource
  private var pageIndex: PageIndexState = .unread
  private let chunkRange: Range<Int>

  /// The place of each page, as far as it has been asked for.
  private enum PageIndexState {
    case unread
    case absent
    case known(OffsetIndex)
  }
  private let place: ParquetError.Place

  /// How many times were floored to a whole microsecond so far.
  private(set) var flooredCount = 0

  /// The chunk of `column` in row group `index`, which `chunk` describes.
  init(
    _ column: ParquetColumn, _ source: any ByteSource, _ chunk: ColumnChunk, rowCount: Int,
    rowGroup index: Int, as form: ValueForm = .meant
  ) throws(ParquetError) {
    place = .init(rowGroup: index, column: column.name)
    self.column = column
    do throws(ParquetError) {
      stored = form == .stored ? try StoredColumn(column) : nil
      if let stored { type = stored.carrier } else { type = try column.type.get() }
      guard let rule = stored?.rule ?? column.rule else { throw .unsupported("this column") }
      self.rule = rule
      let metadata = try chunk.checkedMetadata(for: column, rowCount: rowCount)
      let range = try metadata.byteRange(within: source.byteCount)
      chunkRange = range
      (self.chunk, self.source, self.rowCount) = (chunk, source, rowCount)
      valuesAhead = Int(metadata.valueCount)
      pages = PageReader(source, range, try Codec(reading: metadata.codec))
    } catch { throw error.within(place) }
  }

  /// The pages that were read so far.
  var verifiedPages: ParquetFile.VerifiedPages { pages.verified }

  private var maxDefinition: Int { column.shape.definition }
  private var isNested: Bool { !column.shape.lists.isEmpty }
  private var isPacked: Bool { stored?.isPacked ?? false }

  /// The next `rowCount` rows, which must be there.
  func read(_ rowCount: Int) throws(ParquetError) -> Column {
    do throws(ParquetError) {
      let column =
        isPacked
        ? try readPacked(rowCount) : isNested ? try readLists(rowCount) : try readFlat(rowCount)
      row += rowCount
      return column
    } catch { throw error.within(pages.place).within(place) }
  }

  /// Steps over the next `rowCount` rows, without looking into pages that hold no others; where the
  /// file has a page index, without touching them.
  func skip(_ rowCount: Int) throws(ParquetError) {
    do throws(ParquetError) {
      var wanted = rowCount - (try seek(to: row + rowCount))
      while wanted > 0 {
        if !isNested, left == 0 {
          let before = wanted
          try beginPage(skippingUpTo: &wanted)
          row += before - wanted
          if left == 0 { continue }
        }
        let step = min(wanted, isNested ? 4_096 : left, 65_536)
        _ = try read(step)
        wanted -= step
      }
    } catch { throw error.within(pages.place).within(place) }
  }

  /// Goes to the page that holds row `target`, if that is not the one that is read and the file says
  /// where it lies; returns how many rows that passes over.
  private func seek(to target: Int) throws(ParquetError) -> Int {
    // Rows of the page that is being read are near; what is left of a list's page is not known.
    guard target < rowCount, isNested || target - row > left, let index = try offsetIndex() else {
      return 0
    }
    let page = index.page(ofRow: target)
    let first = Int(index.pages[page].firstRow)
    guard first > row else { return 0 }
    try readDictionary(before: Int(index.pages[0].offset))
    let location = index.pages[page]
    pages.seek(
      to: Int(location.offset), byteCount: Int(location.byteCount),
      pageIndex: page + (dictionary == nil ? 0 : 1))
    left = 0
    valuesAhead = isNested ? nil : rowCount - first
    defer { row = first }
    if !isNested {
      // What the index says must be so, or rows would be taken for others.
      try beginPage()
      guard left == index.rows(ofPage: page, rowCount: rowCount).count else {
        throw .damaged("the page index has other rows in the page than it has")
      }
    }
    return first - row
  }

  private func offsetIndex() throws(ParquetError) -> OffsetIndex? {
    if case .unread = pageIndex {
      let index: OffsetIndex?
      do throws(ParquetError) {
        index = try chunk.readOffsetIndex(from: source, rowCount: rowCount)
      } catch { throw error.within(.init(part: "the page index")) }
      pageIndex = index.map { .known($0) } ?? .absent
    }
    guard case .known(let index) = pageIndex else { return nil }
    return index
  }

  /// Reads the dictionary, if there is one and it has not been read: it stands before all data pages.
  private func readDictionary(before end: Int) throws(ParquetError) {
    guard dictionary == nil, pages.pageIndex < 0, end > chunkRange.lowerBound else { return }
    pages.seek(to: chunkRange.lowerBound, byteCount: end - chunkRange.lowerBound, pageIndex: 0)
    guard let header = try pages.nextHeader(), header.type == .dictionary else { return }
    dictionary = try readDictionary(header)
  }

  // MARK: Values

  /// The most bytes that a batch may unfold to: what a dictionary or a delta encoding makes of the
  /// chunk's own size.
  private var mostBytes: Int {
    let (product, isOver) = chunkRange.count.multipliedReportingOverflow(by: 1_024)
    return isOver ? .max : max(product, 1 << 26)
  }

  private func newSink() -> ValueSink { ValueSink(mostBytes: mostBytes) }

  private func readFlat(_ rowCount: Int) throws(ParquetError) -> Column {
    var sink = newSink()
    var wanted = rowCount
    while wanted > 0 {
      if left == 0 { try beginPage() }
      let step = min(wanted, left)
      let presence = try definitions?.readPresence(step)
      try append(step, presence, to: &sink)
      left -= step
      wanted -= step
    }
    flooredCount += sink.flooredCount
    return sink.finish(as: type)
  }

  private func append(
    _ count: Int, _ presence: Bitmap?, to sink: inout ValueSink
  ) throws(ParquetError) {
    guard var values else { throw .damaged("there is no page") }
    self.values = nil
    try sink.append(count, of: &values, presence, dictionary)
    self.values = values
  }

  // MARK: Lists

  private func readLists(_ rowCount: Int) throws(ParquetError) -> Column {
    var sink = newSink()
    var lists = ListLevels(column.shape)
    let most = min(Int(Int32.max), max(1 << 24, chunkRange.count * 64))
    // A row goes on until the next one begins, maybe on the next page, or the chunk ends.
    while true {
      if left == 0 {
        if isAtEnd { break }
        try beginPage()
        continue
      }
      let (step, isComplete) = try entries(untilRow: rowCount, from: lists.rowCount)
      if step > 0 {
        guard lists.count <= most - step else {
          throw ParquetError(.tooLarge("a batch's lists have over \(most) elements"))
        }
        try readEntries(step, &lists, &sink)
      }
      if isComplete { break }
    }
    guard lists.rowCount == rowCount else {
      throw .damaged("there are \(lists.rowCount) rows where \(rowCount) are left")
    }
    flooredCount += sink.flooredCount
    let elementType = rule.columnType
    return lists.assembled(over: sink.finish(as: elementType))
  }

  private func readPacked(_ rowCount: Int) throws(ParquetError) -> Column {
    guard let stored else { throw .unsupported("packed rows") }
    var rows = PackedRows(stored, mostBytes: mostBytes)
    while true {
      if left == 0 {
        if isAtEnd { break }
        try beginPage()
        continue
      }
      let (step, isComplete) = try entries(untilRow: rowCount, from: rows.rowCount)
      if step > 0 {
        let repetition = try levels(step, from: &repetitions)
        let definition = try levels(step, from: &definitions)
        var sink = newSink()
        try append(definition.count { $0 == maxDefinition }, nil, to: &sink)
        try rows.append(repetition, definition, sink.finish(as: rule.columnType).values)
        left -= step
      }
      if isComplete { break }
    }
    guard rows.rowCount == rowCount else {
      throw .damaged("there are \(rows.rowCount) rows where \(rowCount) are left")
    }
    return rows.finish()
  }

  private static let blockCount = 1_024

  /// How many entries of the page come before row `end` begins, of a block at most.
  private func entries(
    untilRow end: Int, from row: Int
  ) throws(ParquetError) -> (Int, isComplete: Bool) {
    if !isNested {
      // Without a list every entry is a row.
      let count = min(left, ColumnCursor.blockCount, end - row)
      return (count, row + count == end)
    }
    let count = min(left, ColumnCursor.blockCount)
    guard var ahead = repetitions else { throw .damaged("there are no levels") }
    return try withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) {
      (levels) throws(ParquetError) in
      guard let start = levels.baseAddress else { return (0, false) }
      try ahead.read(count, into: start)
      var row = row
      for index in 0..<count where start[index] == 0 {
        if row == end { return (index, true) }
        row += 1
      }
      return (count, false)
    }
  }

  private func readEntries(
    _ count: Int, _ lists: inout ListLevels, _ sink: inout ValueSink
  ) throws(ParquetError) {
    let repetition = try levels(count, from: &repetitions)
    let definition = try levels(count, from: &definitions)
    let presence = try lists.append(repetition, definition)
    try append(presence.count, presence, to: &sink)
    left -= count
  }

  private func levels(
    _ count: Int, from reader: inout LevelReader?
  ) throws(ParquetError) -> [Int32] {
    var levels = [Int32](repeating: 0, count: count)
    guard reader != nil else { return levels }
    var failure: ParquetError?
    levels.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      do throws(ParquetError) { try reader?.read(count, into: start) } catch { failure = error }
    }
    if let failure { throw failure }
    return levels
  }

  // MARK: Pages

  private var isAtEnd: Bool { valuesAhead.map { $0 == 0 } ?? pages.isAtEnd }

  private func beginPage() throws(ParquetError) {
    var none = 0
    while left == 0 { try beginPage(skippingUpTo: &none) }
  }

  /// Reads the next page's header and, unless it is a data page of `rows` or fewer, the page.
  private func beginPage(skippingUpTo rows: inout Int) throws(ParquetError) {
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

  private func beginValues(of page: PageReader.Page, count: Int) throws(ParquetError) {
    let nothing = pages.nothing
    var body = page.body
    let encoding: Encoding
    let maxRepetition = column.shape.lists.count
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
        repetitions = try .takeSized(
          from: &body, most: maxRepetition, header.repetitionLevelEncoding, nothing: nothing)
      }
      if maxDefinition > 0 {
        definitions = try .takeSized(
          from: &body, most: maxDefinition, header.definitionLevelEncoding, nothing: nothing)
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

  private func readDictionary(_ header: PageHeader) throws(ParquetError) -> PageDictionary {
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
