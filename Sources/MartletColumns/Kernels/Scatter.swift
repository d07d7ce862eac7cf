import Synchronization

/// Where each row of a column finds its value among parts that lie one after the other: looked up once, for
/// all columns of such parts.
///
///     parts      a b │ c d        of rows   3 0 │ 1 4
///     rows       1 2 – 0 3        column    b c · a d
///
/// Values are fetched and not put: a processor waits for many reads at once, and for few writes.
public struct PartPlacement: Sendable {
  /// For each row, the place of its value among all parts; -1 where there is none.
  private let rows: Buffer<Int32>

  /// The same, by part.
  private let places: Buffer<PartedRows.Place>

  /// How many values the parts have.
  private let valueCount: Int

  /// Calls a function with each of 0, 1, … up to a count, in any order, at the same time or not, and
  /// returns when all calls have.
  public typealias ForEach = RowOrder.ForEach

  /// The values of parts with `counts` values each; `rows` has for each row the place of its value among all
  /// parts, and -1 where there is none.
  public init(counts: [Int], rows: Buffer<Int32>, forEach: ForEach) {
    valueCount = counts.reduce(0, +)
    self.rows = rows
    places = PartedRows(counts: counts).places(of: rows, forEach: forEach)
  }

  /// The columns, of `types`, that `parts` have as records, each value in its row; rows without one are null.
  /// `nil` where the texts or lists of one are too large for a column.
  public func columns(
    of parts: consuming [RowRecords], _ types: [ColumnType], forEach: ForEach
  ) -> [Column]? {
    let layout = RecordLayout(types)
    let others = types.indices.map { column in parts.compactMap { $0.others[column] } }
    let fetch = RecordFetch(parts, layout, places)
    parts = []
    forEach(fetch.stretchCount) { fetch.fetch($0) }
    let (words, validity) = fetch.finish()
    let found = Mutex([Column?](repeating: nil, count: types.count))
    for (column, words) in zip(layout.wordColumns, words) {
      found.withLock {
        $0[column] = Column(.words(words, of: types[column]), validity: validity[column])
      }
    }
    let rest = types.indices.filter { !layout.wordColumns.contains($0) }
    let (rows, places) = (rows, places)
    forEach(rest.count) { index in
      let column = rest[index]
      guard let parted = PartedColumn(others[column].sharingTextsOfMany(), of: types[column])
      else { return }
      let gathered = parted.gathered(at: rows.span, from: places, validity: validity[column])
      found.withLock { $0[column] = gathered }
    }
    let columns = found.withLock { $0.compactMap { $0 } }
    return columns.count == types.count ? columns : nil
  }

  /// The same of values that are no column, one after the other; rows without one have `rest`.
  public func values<Value>(_ values: [Value], else rest: Value) -> [Value] {
    precondition(values.count == valueCount, "\(values.count) values of \(valueCount)")
    return rows.span.indices.map { row in
      let value = Int(rows[row])
      return value >= 0 ? values[value] : rest
    }
  }
}

extension [Column] {
  /// The same columns, whose texts share a dictionary where those that they came with have fewer texts than
  /// there are rows: a text that stands in many of them is looked at once from then on.
  fileprivate func sharingTextsOfMany() -> [Column] {
    let texts = reduce(0) { sum, column in
      if case .dictionary(let texts) = column.values { sum + texts.dictionary.count } else { sum }
    }
    return texts < reduce(0) { $0 + $1.count } ? Column.sharingTexts(self) : self
  }
}

extension Buffer<Int32> {
  /// For each of `rowCount` rows its place among these, which are under `rowCount` and no row twice; -1 where
  /// there is none.
  public func turnedRound(rowCount: Int) -> Buffer<Int32> {
    var found = BufferBuilder<Int32>()
    found.append(repeating: -1, count: rowCount)
    found.withUnsafeMutableBufferPointer { found in
      withUnsafeBufferPointer { rows in
        for index in rows.indices {
          let row = rows[index]
          precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
          found[Int(row)] = Int32(truncatingIfNeeded: index)
        }
      }
    }
    return found.finish()
  }
}
