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
    self.count = count
    let layout = RecordLayout(columns.map(\.type))
    self.layout = layout
    others = columns.indices.map { layout.wordColumns.contains($0) ? nil : columns[$0] }
    let sources = layout.wordColumns.map { column in
      columns[column].values.words ?? Buffer(repeating: 0, count: count)
    }
    var records = BufferBuilder<UInt64>()
    records.append(upTo: count * layout.width) { room in
      guard let start = room.baseAddress else { return 0 }
      // A stretch at a time, so that its records are near while each column is dealt out to them.
      for first in stride(from: 0, to: count, by: 64) {
        let rows = first..<min(first + 64, count)
        let target = start + first * layout.width
        for (place, source) in sources.enumerated() {
          layout.deal(source.unsafeStart + first, rows.count, to: target + place)
        }
        layout.dealBits(of: columns, rows, to: target)
      }
      return count * layout.width
    }
    withExtendedLifetime(sources) {}
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

  /// Puts `count` values of a column, from `source` on, into one place of as many records.
  fileprivate func deal(
    _ source: UnsafePointer<Int64>, _ count: Int, to target: UnsafeMutablePointer<UInt64>
  ) {
    for row in 0..<count { target[row &* width] = UInt64(bitPattern: source[row]) }
  }

  /// Puts the bits of `rows`, up to 64 from a whole word of bits on, into as many records.
  fileprivate func dealBits(
    of columns: [Column], _ rows: Range<Int>, to target: UnsafeMutablePointer<UInt64>
  ) {
    var filled = [UInt64](repeating: 0, count: width &- wordColumns.count)
    for column in columns.indices where columns[column].validity == nil {
      let (word, bit) = bit(of: column)
      filled[word &- wordColumns.count] |= 1 &<< bit
    }
    for (place, bits) in filled.enumerated() {
      for row in 0..<rows.count { target[row &* width &+ wordColumns.count &+ place] = bits }
    }
    for column in columns.indices {
      guard let validity = columns[column].validity else { continue }
      let (word, bit) = bit(of: column)
      let bits = validity.word(rows.lowerBound / 64)
      for row in 0..<rows.count {
        target[row &* width &+ word] |= (bits &>> UInt64(row) & 1) &<< bit
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
