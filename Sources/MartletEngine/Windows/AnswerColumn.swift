import MartletColumns

/// Where the values of one feature go, each to the row of its question.
///
/// Rows that nobody writes are null, or zero where counts go. The words are ints, times, the bits of
/// doubles, bools, or numbers that stand for other values.
///
/// `@unchecked Sendable`: whoever shares a column among threads gives each its own rows.
final class AnswerColumn: @unchecked Sendable {
  private let words: UnsafeMutablePointer<Int64>
  private let present: UnsafeMutablePointer<Bool>
  private let rowCount: Int

  /// What a row is that nobody writes.
  enum Unwritten { case null, zero }

  init(rowCount: Int, unwritten: Unwritten = .null) {
    self.rowCount = rowCount
    words = .allocate(capacity: max(rowCount, 1))
    words.initialize(repeating: 0, count: rowCount)
    present = .allocate(capacity: max(rowCount, 1))
    present.initialize(repeating: unwritten == .zero, count: rowCount)
  }

  deinit {
    words.deallocate()
    present.deallocate()
  }

  /// Writes the value of `row`; `nil` makes it null.
  @inline(__always)
  func set(_ row: Int32, _ word: Int64?) {
    guard let word else {
      present[Int(row)] = false
      return
    }
    words[Int(row)] = word
    present[Int(row)] = true
  }

  /// Which rows have a value.
  private func validity() -> Bitmap? {
    var bits = BitmapBuilder(capacity: rowCount)
    for row in 0..<rowCount { bits.append(present[row]) }
    return bits.finishAsValidity()
  }

  /// The words, as a column of `type`.
  func finish(as type: ColumnType) -> Column {
    let validity = validity()
    var numbers = BufferBuilder<Int64>(capacity: rowCount)
    numbers.append(contentsOf: UnsafeBufferPointer(start: words, count: rowCount))
    let values = numbers.finish()
    switch type {
    case .int: return Column(.int(values), validity: validity)
    case .time: return Column(.time(values), validity: validity)
    case .double: return Column(.double(values.reinterpreted(as: Double.self)), validity: validity)
    case .bool:
      var flags = BufferBuilder<Bool>(capacity: rowCount)
      for row in 0..<rowCount { flags.append(values[row] != 0) }
      return Column(.bool(flags.finish()), validity: validity)
    case .string, .bytes, .list, .vector: preconditionFailure("a \(type) is no word")
    }
  }

  /// The values of `column` in the rows that the words number.
  func finish(from column: Column) -> Column {
    var rows = BufferBuilder<Int32>(capacity: rowCount)
    for row in 0..<rowCount {
      rows.append(present[row] ? Int32(truncatingIfNeeded: words[row]) : -1)
    }
    let chosen = rows.finish()
    return column.gathered(at: chosen.span)
  }
}

/// Where the lists or texts of one feature go, each to the row of its question.
///
/// `@unchecked Sendable`: as `AnswerColumn`.
final class AnswerLists<Element: Sendable>: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<[Element]?>
  let rowCount: Int

  init(rowCount: Int) {
    self.rowCount = rowCount
    slots = .allocate(capacity: max(rowCount, 1))
    slots.initialize(repeating: nil, count: rowCount)
  }

  deinit {
    slots.deinitialize(count: rowCount)
    slots.deallocate()
  }

  /// Writes the value of `row`; `nil` leaves it null.
  func set(_ row: Int32, _ elements: [Element]?) { slots[Int(row)] = elements }

  /// The value of `row`.
  subscript(row: Int) -> [Element]? { slots[row] }
}
