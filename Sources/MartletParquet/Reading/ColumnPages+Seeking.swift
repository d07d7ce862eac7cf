extension ColumnPages {
  /// Goes to the page that holds row `target`, if that is not the one that is read and the file says
  /// where it lies; returns how many rows behind `row`, the next one,
  /// that passes over.
  mutating func seek(to target: Int, from row: Int) throws(ParquetError) -> Int {
    // Rows of the page that is being read are near; what is left of a list's page is not known.
    guard target < rowCount, isNested || target - row > left, let places = try offsetIndex() else {
      return 0
    }
    let page = places.page(ofRow: target)
    let first = Int(places.pages[page].firstRow)
    guard first > row else { return 0 }
    try readDictionary(before: Int(places.pages[0].offset))
    let location = places.pages[page]
    pages.seek(
      to: Int(location.offset), byteCount: Int(location.byteCount),
      pageIndex: page + (dictionary == nil ? 0 : 1))
    left = 0
    valuesAhead = isNested ? nil : rowCount - first
    if !isNested {
      // What the index says must be so, or rows would be taken for others.
      try begin()
      guard left == places.rows(ofPage: page, rowCount: rowCount).count else {
        throw .damaged("the page index has other rows in the page than it has")
      }
    }
    return first - row
  }

  private mutating func offsetIndex() throws(ParquetError) -> OffsetIndex? {
    if case .unread = index {
      let places: OffsetIndex?
      do throws(ParquetError) {
        places = try chunk.readOffsetIndex(from: source, rowCount: rowCount)
      } catch { throw error.within(.init(part: "the page index")) }
      index = places.map { .known($0) } ?? .absent
    }
    guard case .known(let places) = index else { return nil }
    return places
  }

  /// Reads the dictionary, if there is one and it has not been read: it stands before all data pages.
  private mutating func readDictionary(before end: Int) throws(ParquetError) {
    guard dictionary == nil, pages.pageIndex < 0, end > chunkRange.lowerBound else { return }
    pages.seek(to: chunkRange.lowerBound, byteCount: end - chunkRange.lowerBound, pageIndex: 0)
    guard let header = try pages.nextHeader(), header.type == .dictionary else { return }
    dictionary = try readDictionary(header)
  }
}
