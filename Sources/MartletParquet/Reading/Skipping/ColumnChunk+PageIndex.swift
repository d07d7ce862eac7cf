extension ColumnChunk {
  /// Where the chunk's data pages lie, held against the chunk; `nil` where the file does not say.
  func readOffsetIndex(
    from source: any ByteSource, rowCount: Int
  ) throws(ParquetError) -> OffsetIndex? {
    guard
      let index = try ColumnChunk.read(
        OffsetIndex.self, offsetIndexOffset, offsetIndexByteCount, from: source),
      let chunk = try metadata?.byteRange(within: source.byteCount)
    else { return nil }
    var row: Int64 = -1
    var end = Int64(chunk.lowerBound)
    for page in index.pages {
      guard page.firstRow > row, page.firstRow < rowCount, row >= 0 || page.firstRow == 0 else {
        throw .damaged("a page begins at row \(page.firstRow) of \(rowCount), behind row \(row)")
      }
      guard page.offset >= end, page.byteCount > 0,
        Int64(page.byteCount) <= Int64(chunk.upperBound) - page.offset
      else { throw .damaged("a page has \(page.byteCount) bytes from \(page.offset) on") }
      row = page.firstRow
      end = page.offset + Int64(page.byteCount)
    }
    guard !index.pages.isEmpty || rowCount == 0 else {
      throw .damaged("there are no pages for \(rowCount) rows")
    }
    return index
  }

  /// What the chunk's `pageCount` pages say of their values; `nil` where the file does not say.
  func readColumnIndex(
    from source: any ByteSource, pageCount: Int
  ) throws(ParquetError) -> ColumnIndex? {
    guard
      let index = try ColumnChunk.read(
        ColumnIndex.self, columnIndexOffset, columnIndexByteCount, from: source)
    else { return nil }
    let counts = [index.isAllNull.count, index.mins.count, index.maxes.count]
    guard counts.allSatisfy({ $0 == pageCount }) else {
      throw .damaged("it has bounds of \(counts) pages, and places of \(pageCount)")
    }
    return index
  }

  private static func read<Index: CompactStruct>(
    _ type: Index.Type, _ offset: Int64?, _ byteCount: Int32?, from source: any ByteSource
  ) throws(ParquetError) -> Index? {
    guard let offset, let byteCount, byteCount > 0 else { return nil }
    guard offset >= 4, offset <= source.byteCount, Int(byteCount) <= source.byteCount - Int(offset)
    else {
      throw .damaged("it claims \(byteCount) bytes from \(offset) on of \(source.byteCount)")
    }
    let room = Room()
    let bytes = room.reserve(Int(byteCount))
    try source.fill(bytes, from: Int(offset))
    return try CompactReader.read(type, from: UnsafeRawBufferPointer(bytes)).value
  }
}

extension OffsetIndex {
  /// The rows of page `index`, of a row group of `rowCount`.
  func rows(ofPage index: Int, rowCount: Int) -> Range<Int> {
    let end = pages[at: index + 1].map { Int($0.firstRow) } ?? rowCount
    return Int(pages[index].firstRow)..<end
  }

  /// The page that holds `row`.
  func page(ofRow row: Int) -> Int {
    var (low, high) = (0, pages.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if Int(pages[middle].firstRow) <= row { low = middle } else { high = middle }
    }
    return low
  }
}
