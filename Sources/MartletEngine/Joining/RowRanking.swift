import MartletAggregates
import MartletColumns

/// An order of rows by what they say, the same wherever they come from.
///
/// Column by column; a null ranks below every value, and values rank as the aggregates rank them.
struct RowRanking: Sendable {
  /// The columns of each batch of rows, and the first row of each.
  private let batches: [[Column]]
  private let starts: [Int]

  /// An order of the rows of `columns`.
  init(_ columns: [Column]) { self.init(batches: [columns]) }

  /// An order of the rows of several batches, counted through all of them.
  init(batches: [[Column]]) {
    self.batches = batches
    var (starts, end): ([Int], Int) = ([], 0)
    for columns in batches {
      starts.append(end)
      end += columns.first?.count ?? 0
    }
    self.starts = starts
  }

  /// Whether the content of `row` ranks below that of `other`.
  func ranksBelow(_ row: Int, _ other: Int) -> Bool {
    let (row, others) = (place(of: row), place(of: other))
    for (column, other) in zip(batches[row.batch], batches[others.batch]) {
      switch (column.isNull(at: row.row), other.isNull(at: others.row)) {
      case (true, true): continue
      case (true, false): return true
      case (false, true): return false
      case (false, false): break
      }
      if column.values.ranksBelow(row.row, others.row, of: other.values) { return true }
      if other.values.ranksBelow(others.row, row.row, of: column.values) { return false }
    }
    return false
  }

  private func place(of row: Int) -> (batch: Int, row: Int) {
    guard starts.count > 1 else { return (0, row) }
    var (low, high) = (0, starts.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if starts[middle] <= row { low = middle } else { high = middle }
    }
    return (low, row - starts[low])
  }
}

extension Column.Values {
  /// Whether value `row` ranks below value `other` of `others`, which are of the same type.
  func ranksBelow(_ row: Int, _ other: Int, of others: Column.Values) -> Bool {
    switch (self, others) {
    case (.bool(let one), .bool(let two)): return one[row].ranksBelow(two[other])
    case (.int(let one), .int(let two)), (.time(let one), .time(let two)):
      return one[row] < two[other]
    case (.double(let one), .double(let two)): return one[row].ranksBelow(two[other])
    case (.list(let one), .list(let two)):
      let (mine, theirs) = (one.range(row), two.range(other))
      let (elements, rest) = (one.elements, two.elements)
      // Elements compare as columns of their own, nulls among them.
      let ranking = RowRanking(batches: [[elements], [rest]])
      for (first, second) in zip(mine, theirs) {
        if ranking.ranksBelow(first, elements.count + second) { return true }
        if ranking.ranksBelow(elements.count + second, first) { return false }
      }
      return mine.count < theirs.count
    case (.vector(let one), .vector(let two)):
      for (first, second) in zip(one.floats(row), two.floats(other)) {
        if first.ranksBelow(second) { return true }
        if second.ranksBelow(first) { return false }
      }
      return false
    default:
      return withText(at: row) { one in
        others.withText(at: other) { two in one.lexicographicallyPrecedes(two) }
      }
    }
  }

  /// Calls `body` with the bytes of the text at `row`.
  private func withText<Result>(at row: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .string(let texts), .bytes(let texts): texts.withBytes(at: row, body)
    case .dictionary(let texts): texts.dictionary.withBytes(at: Int(texts.codes[row]), body)
    case .bool, .int, .double, .time, .list, .vector: preconditionFailure("no text")
    }
  }
}

extension Vectors {
  fileprivate func floats(_ row: Int) -> [Double] {
    let floats = self[row]
    return (0..<floats.count).map { Double(floats[$0]) }
  }
}
