import MartletColumns

/// The order of entities by their keys: column by column, numbers by size, texts by their bytes.
///
/// It is the order of a segment, and so that of the statistics in its footer.
struct KeyOrder {
  private let keys: [Column]

  /// The order of the keys in the rows of `keys`, of which none repeats and none is null.
  init(_ keys: [Column]) { self.keys = keys }

  /// For each row, its place in the order.
  func ranks() -> Buffer<Int32> {
    let sorted = sortedRows()
    var ranks = [Int32](repeating: 0, count: sorted.count)
    for (rank, row) in sorted.enumerated() { ranks[Int(row)] = Int32(truncatingIfNeeded: rank) }
    return Buffer(ranks)
  }

  /// The rows in their order.
  func rows() -> Buffer<Int32> { Buffer(sortedRows()) }

  /// The same.
  ///
  /// A word of each key sorts nearly all of it without a comparison; only rows that agree in the
  /// word are compared.
  private func sortedRows() -> [Int32] {
    guard let first = keys.first else { return [] }
    let words = first.values.leadingWords
    let zeros = Buffer<Int64>(repeating: 0, count: words.count)
    let order = RowOrder.by(key: words.span, thenTime: zeros.span)
    var rows = (0..<order.count).map { order[$0] }
    if keys.count == 1, first.values.isOneWord { return rows }
    let ranking = RowRanking(keys)
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, words[Int(rows[end])] == words[Int(rows[start])] { end += 1 }
      if end - start > 1 {
        rows[start..<end].sort { ranking.ranksBelow(Int($0), Int($1)) }
      }
      start = end
    }
    return rows
  }
}

extension Column.Values {
  /// Whether `leadingWords` holds everything of the values.
  fileprivate var isOneWord: Bool {
    switch self {
    case .bool, .int, .time: true
    case .double, .string, .dictionary, .bytes, .list, .vector: false
    }
  }

  /// A number for each value that never ranks against the values' own order.
  fileprivate var leadingWords: Buffer<Int64> {
    switch self {
    case .bool(let flags): Buffer((0..<flags.count).map { flags[$0] ? 1 : 0 })
    case .int(let numbers), .time(let numbers): numbers
    case .string(let texts), .bytes(let texts): texts.leadingWords
    case .dictionary(let texts): texts.flattened().leadingWords
    case .double, .list, .vector: Buffer(repeating: 0, count: count)
    }
  }
}

extension Strings {
  /// The first eight bytes of each text as a number, the highest first.
  fileprivate var leadingWords: Buffer<Int64> {
    var words = BufferBuilder<Int64>(capacity: count)
    for row in 0..<count {
      let word = withBytes(at: row) { bytes in
        var word: UInt64 = 0
        for place in 0..<8 {
          word = word << 8 | (place < bytes.count ? UInt64(bytes[place]) : 0)
        }
        return word
      }
      words.append(Int64(bitPattern: word ^ 1 << 63))
    }
    return words.finish()
  }
}
