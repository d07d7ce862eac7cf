extension Column {
  /// The values at `rows`, in that order; a negative row gives a null.
  ///
  /// Every row must be under `count`.
  public func gathered(at rows: Span<Int32>) -> Column {
    let bounds = RowBounds(of: rows)
    precondition(bounds.highest < count, "row \(bounds.highest) of \(count)")
    return bounds.lowest < 0 ? gatheredWithGaps(at: rows) : gatheredInside(at: rows)
  }

  private func gatheredInside(at rows: Span<Int32>) -> Column {
    let values: Values =
      switch values {
      case .bool(let flags): .bool(flags.gathered(at: rows))
      case .int(let numbers): .int(numbers.gathered(at: rows))
      case .double(let numbers): .double(numbers.gathered(at: rows))
      case .time(let instants): .time(instants.gathered(at: rows))
      case .string(let texts): .string(texts.gathered(at: rows))
      case .bytes(let texts): .bytes(texts.gathered(at: rows))
      case .dictionary(let texts):
        .dictionary(
          DictionaryStrings(
            codes: texts.codes.gathered(at: rows), dictionary: texts.dictionary))
      case .list(let lists): .list(lists.gathered(at: rows))
      case .vector(let vectors): .vector(vectors.gathered(at: rows))
      }
    return Column(values, validity: validity?.gathered(at: rows))
  }

  /// The values of `rows`, in their order.
  public func gathered(at rows: ChosenRows) -> Column {
    precondition(rows.highest < count, "row \(rows.highest) of \(count)")
    guard let filled = rows.filled else { return gatheredInside(at: rows.inside.span) }
    guard count > 0 else { return .nulls(of: type, count: rows.count) }
    return gatheredInside(at: rows.inside.span).keeping(filled)
  }

  private func gatheredWithGaps(at rows: Span<Int32>) -> Column {
    gathered(at: ChosenRows(rows))
  }
}

/// Rows to be gathered from several columns, looked at once for all of them.
///
/// A gap takes the values of row 0 and then loses them: gaps are few, and the loops stay plain.
public struct ChosenRows: Sendable {
  fileprivate let inside: Buffer<Int32>

  /// The rows that are no gaps; `nil` for all.
  fileprivate let filled: Bitmap?
  fileprivate let highest: Int32

  /// The number of rows, gaps among them.
  public var count: Int { inside.count }

  /// `rows`, of which the negative ones are gaps that give nulls.
  public init(_ rows: Buffer<Int32>) {
    let bounds = RowBounds(of: rows.span)
    guard bounds.lowest >= 0 else {
      self.init(rows.span)
      return
    }
    self.init(inside: rows, filled: nil, highest: bounds.highest)
  }

  private init(inside: Buffer<Int32>, filled: Bitmap?, highest: Int32) {
    self.inside = inside
    self.filled = filled
    self.highest = highest
  }

  fileprivate init(_ rows: Span<Int32>) {
    var inside = BufferBuilder<Int32>()
    inside.append(upTo: rows.count) { room in
      for index in rows.indices { room[index] = max(rows[index], 0) }
      return rows.count
    }
    var filled = BitmapBuilder(capacity: rows.count)
    var index = 0
    while index < rows.count {
      let step = min(64, rows.count - index)
      var word: UInt64 = 0
      for bit in 0..<step { word |= (rows[index + bit] >= 0 ? 1 : 0) &<< UInt64(bit) }
      filled.append(word: word, count: step)
      index += step
    }
    self.init(
      inside: inside.finish(), filled: filled.finish(), highest: RowBounds(of: rows).highest)
  }
}

/// The lowest and the highest of some row numbers; 0 and -1 of none.
private struct RowBounds {
  var lowest: Int32 = 0
  var highest: Int32 = -1

  init(of rows: Span<Int32>) {
    for index in rows.indices {
      lowest = min(lowest, rows[index])
      highest = max(highest, rows[index])
    }
  }
}

extension Buffer {
  /// The values at `rows`, each of which the caller has checked to be one of these.
  func gathered(at rows: Span<Int32>) -> Buffer {
    var result = BufferBuilder<Element>()
    result.append(upTo: rows.count) { room in
      withUnsafeBufferPointer { values in
        for index in rows.indices { room[index] = values[Int(rows[index])] }
      }
      return rows.count
    }
    return result.finish()
  }
}

extension Bitmap {
  /// The bits at `rows`, as a validity. Every row must be under `count`; a negative one takes the bit of
  /// row 0.
  func gathered(at rows: Span<Int32>) -> Bitmap? {
    var result = BitmapBuilder(capacity: rows.count)
    withWords { words, offset in
      var index = 0
      while index < rows.count {
        let step = min(64, rows.count - index)
        var word: UInt64 = 0
        for bit in 0..<step {
          let place = offset &+ Int(max(rows[index &+ bit], 0))
          word |= (words[place &>> 6] &>> UInt64(place & 63) & 1) &<< UInt64(bit)
        }
        result.append(word: word, count: step)
        index += step
      }
    }
    return result.finishAsValidity()
  }
}

extension Strings {
  /// The texts at `rows`, in that order, in memory of their own.
  func gathered(at rows: Span<Int32>) -> Strings {
    var byteCount = 0
    for index in rows.indices { byteCount += range(Int(rows[index])).count }
    precondition(byteCount <= Strings.mostBytes, "\(byteCount) bytes of text in one column")
    var result = StringsBuilder(capacity: rows.count, byteCapacity: byteCount)
    bytes.withUnsafeBufferPointer { bytes in
      for index in rows.indices {
        let text = UnsafeBufferPointer(rebasing: bytes[range(Int(rows[index]))])
        result.append(UnsafeRawBufferPointer(text))
      }
    }
    return result.finish()
  }
}

extension Lists {
  fileprivate func gathered(at rows: Span<Int32>) -> Lists {
    var offsets = BufferBuilder<Int32>(capacity: rows.count + 1)
    var elementRows = BufferBuilder<Int32>()
    offsets.append(0)
    for index in rows.indices {
      for element in range(Int(rows[index])) {
        elementRows.append(Int32(truncatingIfNeeded: element))
      }
      precondition(elementRows.count <= Int(Int32.max), "too many elements for one column")
      offsets.append(Int32(truncatingIfNeeded: elementRows.count))
    }
    return Lists(offsets: offsets.finish(), elements: elements.gathered(at: elementRows.span))
  }
}

extension Vectors {
  fileprivate func gathered(at rows: Span<Int32>) -> Vectors {
    var result = BufferBuilder<Float>(capacity: rows.count * width)
    floats.withUnsafeBufferPointer { floats in
      for index in rows.indices {
        let first = Int(rows[index]) * width
        result.append(
          contentsOf: UnsafeBufferPointer(rebasing: floats[first..<first + width]))
      }
    }
    return Vectors(width: width, count: rows.count, floats: result.finish())
  }
}
