/// Where each row of a column finds its value among parts that lie one after the other: turned round
/// once, for all columns of such parts.
///
///     parts      a b │ c d        rows   3 0 │ 1 4
///     found      1 2 – 0 3        column b c · a d
///
/// Values are fetched and not put: a processor waits for many reads at once, and for few writes.
public struct PartPlacement: Sendable {
  /// For each row, the place of its value among all parts; 0 where there is none.
  private let places: Buffer<Int32>

  /// The same, by part.
  private let partPlaces: Buffer<PartedRows.Place>

  /// The rows that have a value; `nil` for all.
  private let filled: Bitmap?

  /// How many values the parts have.
  private let valueCount: Int

  /// The values of parts with `counts` values each, of which each goes to the row of `rowCount` that
  /// `rows` says. No row is said twice, and each is under `rowCount`.
  public init(counts: [Int], to rows: Buffer<Int32>, rowCount: Int) {
    precondition(counts.reduce(0, +) == rows.count, "a row for each value")
    valueCount = rows.count
    var places = BufferBuilder<Int32>()
    places.append(repeating: -1, count: rowCount)
    places.withUnsafeMutableBufferPointer { places in
      rows.withUnsafeBufferPointer { rows in
        for index in rows.indices {
          let row = rows[index]
          precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
          places[Int(row)] = Int32(truncatingIfNeeded: index)
        }
      }
    }
    let found = places.finish()
    guard valueCount < rowCount else {
      (self.places, filled) = (found, nil)
      partPlaces = PartedRows(counts: counts).places(of: found.span)
      return
    }
    filled = Bitmap((0..<rowCount).lazy.map { found[$0] >= 0 })
    let inside = Buffer((0..<rowCount).lazy.map { max(found[$0], 0) })
    self.places = inside
    partPlaces =
      valueCount == 0 ? Buffer() : PartedRows(counts: counts).places(of: inside.span)
  }

  /// The values of `parts`, all of `type`, each in its row; rows without one are null. `nil` where the
  /// texts or lists of all together are too large for one column.
  public func column(of parts: [Column], of type: ColumnType) -> Column? {
    guard valueCount > 0 else { return .nulls(of: type, count: places.count) }
    guard let whole = PartedColumn(parts, of: type) else { return nil }
    let column = whole.gathered(at: places.span, from: partPlaces)
    return filled.map { column.keeping($0) } ?? column
  }

  /// The same of values that are no column, one after the other; rows without one have `rest`.
  public func values<Value>(_ values: [Value], else rest: Value) -> [Value] {
    precondition(values.count == valueCount, "\(values.count) values of \(valueCount)")
    return places.span.indices.map { row in
      filled?[row] ?? true ? values[Int(places[row])] : rest
    }
  }
}
