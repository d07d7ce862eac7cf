import MartletColumns

extension ParquetFile {
  /// The rows that may fulfil all of `conditions`, as ranges that ascend and do not touch. No other row
  /// does; of these some may not either, so the reader of the rows still looks.
  ///
  /// What the file says of its values decides: the bounds of each row group; its bloom filter, where
  /// one value is looked for; the bounds of each page, where there is a page index.
  public func rows(thatMayFulfil conditions: [RowCondition]) throws(ParquetError) -> [Range<Int>] {
    var tests: [RowTest] = []
    for condition in conditions { tests.append(try RowTest(condition, on: self)) }
    var found = RowRanges()
    var start = 0
    for (index, rowGroup) in metadata.rowGroups.enumerated() {
      let count = Int(rowGroup.rowCount)
      for range in try rows(ofRowGroup: index, count, tests) {
        found.append(start + range.lowerBound..<start + range.upperBound)
      }
      start += count
    }
    return found.ranges
  }

  private func rows(
    ofRowGroup index: Int, _ count: Int, _ tests: [RowTest]
  ) throws(ParquetError) -> [Range<Int>] {
    guard count > 0 else { return [] }
    for test in tests {
      let chunk = metadata.rowGroups[index].columns[test.position]
      guard let claims = chunk.metadata else { continue }
      if let statistics = claims.statistics,
        !test.mayFulfil(statistics, valueCount: claims.valueCount)
      {
        return []
      }
    }
    // Filters and page indexes lie elsewhere in the file, so they come last.
    for test in tests where try !filter(ofRowGroup: index, mayHold: test) { return [] }
    var found: [Range<Int>] = [0..<count]
    for test in tests {
      guard let ranges = try pages(ofRowGroup: index, count, test) else { continue }
      found = RowRanges.common(found, ranges)
    }
    return found
  }

  private func filter(ofRowGroup index: Int, mayHold test: RowTest) throws(ParquetError) -> Bool {
    guard let claims = metadata.rowGroups[index].columns[test.position].metadata,
      let offset = claims.bloomFilterOffset, let bytes = test.filteredBytes
    else { return true }
    do throws(ParquetError) {
      guard let filter = try StoredFilter(source, at: offset) else { return true }
      for bytes in bytes where try filter.mayHold(bytes.withUnsafeBytes { XXHash64.hash($0) }) {
        return true
      }
      return false
    } catch {
      throw error.within(
        .init(part: "the bloom filter", rowGroup: index, column: test.condition.column))
    }
  }

  /// The rows of the pages that `test` cannot rule out; `nil` where there is no page index.
  private func pages(
    ofRowGroup index: Int, _ rowCount: Int, _ test: RowTest
  ) throws(ParquetError) -> [Range<Int>]? {
    let chunk = metadata.rowGroups[index].columns[test.position]
    do throws(ParquetError) {
      guard let places = try chunk.readOffsetIndex(from: source, rowCount: rowCount),
        let bounds = try chunk.readColumnIndex(from: source, pageCount: places.pages.count)
      else { return nil }
      var found = RowRanges()
      for page in places.pages.indices where !bounds.isAllNull[page] {
        guard test.mayFulfil(min: bounds.mins[page].bytes, max: bounds.maxes[page].bytes) else {
          continue
        }
        found.append(places.rows(ofPage: page, rowCount: rowCount))
      }
      return found.ranges
    } catch {
      throw error.within(
        .init(part: "the page index", rowGroup: index, column: test.condition.column))
    }
  }
}

/// Ranges of rows that ascend and do not touch.
struct RowRanges {
  private(set) var ranges: [Range<Int>] = []

  /// Adds rows that do not come before those that are there.
  mutating func append(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }

  /// The rows that are in both.
  static func common(_ one: [Range<Int>], _ other: [Range<Int>]) -> [Range<Int>] {
    var found = RowRanges()
    var (mine, theirs) = (one[...], other[...])
    while let left = mine.first, let right = theirs.first {
      found.append(left.clamped(to: right))
      if left.upperBound < right.upperBound { mine.removeFirst() } else { theirs.removeFirst() }
    }
    return found.ranges
  }
}
