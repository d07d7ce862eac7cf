import MartletAggregates
import MartletColumns

/// An order of rows by what they say, the same wherever they come from.
///
/// Column by column; a null ranks below every value, and values rank as the aggregates rank them.
struct RowRanking: Sendable {
  private let columns: [Column]

  /// An order of the rows of `columns`.
  init(_ columns: [Column]) { self.columns = columns }

  /// Whether the content of `row` ranks below that of `other`.
  func ranksBelow(_ row: Int, _ other: Int) -> Bool {
    for column in columns {
      switch (column.isNull(at: row), column.isNull(at: other)) {
      case (true, true): continue
      case (true, false): return true
      case (false, true): return false
      case (false, false): break
      }
      if column.values.ranksBelow(row, other) { return true }
      if column.values.ranksBelow(other, row) { return false }
    }
    return false
  }
}

extension Column.Values {
  /// Whether value `row` ranks below value `other`.
  func ranksBelow(_ row: Int, _ other: Int) -> Bool {
    switch self {
    case .bool(let flags): return flags[row].ranksBelow(flags[other])
    case .int(let numbers), .time(let numbers): return numbers[row] < numbers[other]
    case .double(let numbers): return numbers[row].ranksBelow(numbers[other])
    case .string(let texts), .bytes(let texts): return texts.ranksBelow(row, other)
    case .dictionary(let texts):
      return texts.dictionary.ranksBelow(Int(texts.codes[row]), Int(texts.codes[other]))
    case .list(let lists):
      let (one, two) = (lists.range(row), lists.range(other))
      let ranking = RowRanking([lists.elements])
      for (first, second) in zip(one, two) {
        if ranking.ranksBelow(first, second) { return true }
        if ranking.ranksBelow(second, first) { return false }
      }
      return one.count < two.count
    case .vector(let vectors):
      for (first, second) in zip(vectors.floats(row), vectors.floats(other)) {
        if first.ranksBelow(second) { return true }
        if second.ranksBelow(first) { return false }
      }
      return false
    }
  }
}

extension Vectors {
  fileprivate func floats(_ row: Int) -> [Double] {
    let floats = self[row]
    return (0..<floats.count).map { Double(floats[$0]) }
  }
}

extension Strings {
  /// By bytes.
  fileprivate func ranksBelow(_ row: Int, _ other: Int) -> Bool {
    withBytes(at: row) { one in
      withBytes(at: other) { two in one.lexicographicallyPrecedes(two) }
    }
  }
}
