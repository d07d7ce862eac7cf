/// What is known of a page once it is written.
struct PageSummary {
  var location: PageLocation
  var bounds: Bounds?
  var valueCount: Int
  var nullCount: Int
}

/// What the footer and the page index say of a chunk, gathered page by page.
struct ChunkSummary {
  private(set) var pages: [PageSummary] = []

  mutating func add(_ page: PageSummary) { pages.append(page) }

  /// The slots of all pages.
  var slotCount: Int { pages.reduce(0) { $0 + $1.valueCount + $1.nullCount } }

  /// What all values have in common.
  var statistics: Statistics {
    var statistics = Statistics()
    statistics.nullCount = Int64(pages.reduce(0) { $0 + $1.nullCount })
    let bounds = pages.compactMap(\.bounds)
    guard let first = bounds.first else { return statistics }
    let written = bounds.dropFirst().reduce(first) { $0.union($1) }.written
    statistics.min = CompactBinary(written.min)
    statistics.max = CompactBinary(written.max)
    statistics.isMinExact = written.isMinExact
    statistics.isMaxExact = written.isMaxExact
    return statistics
  }

  var offsetIndex: OffsetIndex {
    var index = OffsetIndex()
    index.pages = pages.map(\.location)
    return index
  }

  /// The pages' bounds; `nil` where a page has values and no bounds, which NaN alone brings about.
  var columnIndex: ColumnIndex? {
    guard pages.allSatisfy({ $0.bounds != nil || $0.valueCount == 0 }) else { return nil }
    var index = ColumnIndex()
    index.isAllNull = pages.map { $0.valueCount == 0 }
    let written = pages.map { $0.bounds?.written }
    index.mins = written.map { CompactBinary($0?.min ?? []) }
    index.maxes = written.map { CompactBinary($0?.max ?? []) }
    index.nullCounts = pages.map { Int64($0.nullCount) }
    index.boundaryOrder = boundaryOrder
    return index
  }

  /// Whether bounds ascend or descend, pages of nulls passed over.
  ///
  /// Bounds that are cut keep the order of what they were cut from.
  private var boundaryOrder: BoundaryOrder {
    let bounds = pages.compactMap(\.bounds)
    let pairs = zip(bounds, bounds.dropFirst())
    if pairs.allSatisfy({ $0.least <= $1.least && $0.greatest <= $1.greatest }) {
      return .ascending
    }
    if pairs.allSatisfy({ $0.least >= $1.least && $0.greatest >= $1.greatest }) {
      return .descending
    }
    return .unordered
  }
}
