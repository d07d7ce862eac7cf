/// Rows of several columns as records: what a row has lies side by side, so that whoever fetches it from afar
/// waits once for all of its values, and not once for each.
///
///     columns    a0 a1 a2 …        records   a0 b0 bits │ a1 b1 bits │ a2 b2 bits │ …
///                b0 b1 b2 …
///
/// Numbers and times are a record's words. Bits behind them say which of the row's values are no nulls, those
/// of other types too, which stay in their columns.
public struct RowRecords: Sendable {
  /// The number of rows.
  public let count: Int

  /// What a record has in which place.
  let layout: RecordLayout
  let words: Buffer<UInt64>

  /// The columns of which records have no more than a bit; `nil` for the others.
  let others: [Column?]

  /// The `count` rows of `columns`.
  public init(_ columns: [Column], count: Int) {
    precondition(columns.allSatisfy { $0.count == count }, "columns of other than \(count) rows")
    let layout = RecordLayout(columns.map(\.type))
    let sources = layout.wordColumns.map { column in
      columns[column].values.words ?? Buffer(repeating: 0, count: count)
    }
    let others = columns.indices.map { layout.wordColumns.contains($0) ? nil : columns[$0] }
    self.init(layout, others, validity: columns.map(\.validity), count: count) {
      place, rows, target in
      let source = sources[place].unsafeStart + rows.lowerBound
      for row in 0..<rows.count { target[row &* layout.width] = UInt64(bitPattern: source[row]) }
    }
    withExtendedLifetime(sources) {}
  }

  /// The values of `columns` at `rows`, whose places among their parts are `places`. A negative row is a gap,
  /// and gives nulls.
  public init(
    _ columns: [PartedColumn], at rows: Span<Int32>, from places: Buffer<PartedRows.Place>
  ) {
    let layout = RecordLayout(columns.map(\.type))
    let filled = rows.signs
    var validity = columns.map { $0.validity(at: rows, filled: filled) }
    let gap = Buffer<Int64>(repeating: 0, count: 1)
    let sources = layout.wordColumns.map { columns[$0].words + [gap] }
    let starts = sources.map { $0.map(\.unsafeStart) }
    var others = [Column?](repeating: nil, count: columns.count)
    for column in columns.indices where !layout.wordColumns.contains(column) {
      let gathered = columns[column].gathered(at: rows, from: places, validity: validity[column])
      (others[column], validity[column]) = (gathered, gathered.validity)
    }
    self.init(layout, others, validity: validity, count: rows.count) { place, rows, target in
      starts[place].withUnsafeBufferPointer { starts in
        places.withUnsafeBufferPointer { places in
          var target = target
          for row in rows {
            let place = places[row]
            target.pointee = UInt64(bitPattern: starts[Int(place.part)][Int(place.row)])
            target += layout.width
          }
        }
      }
    }
    withExtendedLifetime(sources) {}
  }

  /// - Parameters:
  ///   - others: The columns that are no words, in their places.
  ///   - deal: Puts the words that stand in one place of up to 64 records, from a record on.
  private init(
    _ layout: RecordLayout, _ others: [Column?], validity: [Bitmap?], count: Int,
    deal: (_ place: Int, _ rows: Range<Int>, _ target: UnsafeMutablePointer<UInt64>) -> Void
  ) {
    (self.count, self.layout) = (count, layout)
    self.others = others
    var records = BufferBuilder<UInt64>()
    records.append(upTo: count * layout.width) { room in
      guard let start = room.baseAddress else { return 0 }
      // A stretch at a time, so that its records are near while each column is dealt out to them.
      for first in stride(from: 0, to: count, by: 64) {
        let rows = first..<min(first + 64, count)
        let target = start + first * layout.width
        for place in layout.wordColumns.indices { deal(place, rows, target + place) }
        layout.dealBits(validity, rows, to: target)
      }
      return count * layout.width
    }
    words = records.finish()
  }
}

/// What stands where in a record of a row.
struct RecordLayout: Sendable {
  /// The columns whose values are words, in the order of those.
  let wordColumns: [Int]

  /// How many columns there are, each with a bit behind the words.
  let columnCount: Int

  /// The words of a record, bits included.
  let width: Int

  init(_ types: [ColumnType]) {
    wordColumns = types.indices.filter { place in
      switch types[place] {
      case .int, .double, .time: true
      case .bool, .string, .bytes, .list, .vector: false
      }
    }
    columnCount = types.count
    width = wordColumns.count + (types.count + 63) / 64
  }

  /// Where the bit of a column is: the record's word, and the bit of that.
  func bit(of column: Int) -> (word: Int, bit: UInt64) {
    (wordColumns.count + column / 64, UInt64(column % 64))
  }

  /// Puts the bits of `rows`, up to 64 from a whole word of bits on, into as many records.
  fileprivate func dealBits(
    _ validity: [Bitmap?], _ rows: Range<Int>, to target: UnsafeMutablePointer<UInt64>
  ) {
    for first in stride(from: 0, to: validity.count, by: 64) {
      var whole: UInt64 = 0
      var others: [(column: UInt64, bits: UInt64)] = []
      for column in first..<min(first + 64, validity.count) {
        let (_, bit) = bit(of: column)
        if let validity = validity[column] {
          others.append((bit, validity.word(rows.lowerBound / 64)))
        } else {
          whole |= 1 &<< bit
        }
      }
      let target = target + bit(of: first).word
      others.withUnsafeBufferPointer { others in
        for row in 0..<rows.count {
          var word = whole
          for (column, bits) in others { word |= (bits &>> UInt64(row) & 1) &<< column }
          target[row &* width] = word
        }
      }
    }
  }
}

extension Column.Values {
  /// Values of one word each, as their bits.
  var words: Buffer<Int64>? {
    switch self {
    case .int(let numbers), .time(let numbers): numbers
    case .double(let numbers): numbers.reinterpreted(as: Int64.self)
    case .bool, .string, .dictionary, .bytes, .list, .vector: nil
    }
  }
}
