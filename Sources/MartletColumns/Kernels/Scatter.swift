extension Column {
  /// The rows of `parts`, one after the other, each put into the row that `rows` says for it; rows to
  /// which none is put are null. All parts are of `type`.
  ///
  ///     parts   a b │ c d        rows   3 0 │ 1 4        scattered   b c · a d
  ///
  /// No row is said twice, and each is under `rowCount`. `nil` where the texts or lists of all together
  /// are too large for one column.
  public static func scattered(
    _ parts: [Column], of type: ColumnType, to rows: Buffer<Int32>, rowCount: Int
  ) -> Column? {
    precondition(parts.reduce(0) { $0 + $1.count } == rows.count, "a row for each value")
    for index in rows.span.indices {
      precondition(rows[index] >= 0 && rows[index] < rowCount, "row \(rows[index]) of \(rowCount)")
    }
    let values: Values
    switch type {
    case .int:
      values = .int(words(parts, to: rows, rowCount) { $0.asInts })
    case .time:
      values = .time(words(parts, to: rows, rowCount) { $0.asTimes })
    case .double:
      values = .double(words(parts, to: rows, rowCount) { $0.asDoubles })
    case .bool, .string, .bytes, .list, .vector:
      guard let whole = concatenated(parts, of: type) else { return nil }
      var places = BufferBuilder<Int32>()
      places.append(repeating: -1, count: rowCount)
      for index in rows.span.indices {
        places[Int(rows[index])] = Int32(truncatingIfNeeded: index)
      }
      return whole.gathered(at: ChosenRows(places.finish()))
    }
    return Column(values, validity: validity(of: parts, to: rows, rowCount))
  }

  private static func words<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ parts: [Column], to rows: Buffer<Int32>, _ rowCount: Int,
    _ words: (Column.Values) -> Buffer<Element>?
  ) -> Buffer<Element> {
    var result = BufferBuilder<Element>(capacity: rowCount)
    if rows.count < rowCount { result.append(repeating: 0, count: rowCount) }
    // Where each row gets a value, none needs one before.
    result.removeAll()
    result.append(upTo: rowCount) { room in
      rows.withUnsafeBufferPointer { rows in
        var start = 0
        for part in parts {
          guard let values = words(part.values) else { continue }
          values.withUnsafeBufferPointer { values in
            for index in values.indices { room[Int(rows[start &+ index])] = values[index] }
          }
          start += part.count
        }
      }
      return rowCount
    }
    return result.finish()
  }

  private static func validity(
    of parts: [Column], to rows: Buffer<Int32>, _ rowCount: Int
  ) -> Bitmap? {
    guard rows.count < rowCount || parts.contains(where: { $0.validity != nil }) else { return nil }
    var bits = BufferBuilder<UInt64>()
    bits.append(repeating: 0, count: (rowCount + 63) / 64)
    bits.withUnsafeMutableBufferPointer { bits in
      rows.withUnsafeBufferPointer { rows in
        var start = 0
        for part in parts {
          for word in 0..<(part.count + 63) / 64 {
            var valid = part.validity?.word(word) ?? .max
            for index in word * 64..<min(word * 64 + 64, part.count) {
              let row = Int(rows[start &+ index])
              bits[row &>> 6] |= (valid & 1) &<< UInt64(row & 63)
              valid &>>= 1
            }
          }
          start += part.count
        }
      }
    }
    let validity = Bitmap(words: bits.finish(), count: rowCount)
    return validity.countSetBits() == rowCount ? nil : validity
  }
}

extension Column.Values {
  fileprivate var asInts: Buffer<Int64>? {
    if case .int(let numbers) = self { numbers } else { nil }
  }
  fileprivate var asTimes: Buffer<Int64>? { if case .time(let times) = self { times } else { nil } }
  fileprivate var asDoubles: Buffer<Double>? {
    if case .double(let numbers) = self { numbers } else { nil }
  }
}
