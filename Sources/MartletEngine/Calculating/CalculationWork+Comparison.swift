import MartletColumns
import MartletLanguage

// Values of one type. Doubles are compared as numbers, and a NaN equals every NaN and lies above all
// else, so that sorting, grouping and comparing agree. Texts and bytes are compared by their bytes.

extension CalculationWork {
  func comparison(_ operation: Operation, _ arguments: [Operand]) -> Column {
    let (one, other) = (arguments[0], arguments[1])
    if let column = comparedByDictionary(operation, one, other) { return column }
    let flags: Buffer<Bool> =
      switch one.type {
      case .int, .time: compared(operation, one.words, other.words) { $0 < $1 }
      case .double: compared(operation, one.doubles, other.doubles) { $0.isBelow($1) }
      case .bool: compared(operation, one.flags, other.flags) { !$0 && $1 }
      case .string, .bytes: compared(operation, one.texts, other.texts)
      case .list, .vector: equal(operation, one, other)
      }
    return strict(arguments, .bool(flags))
  }

  @inline(__always)
  private func compared<T: BitwiseCopyable>(
    _ operation: Operation, _ one: Lane<T>, _ other: Lane<T>, _ isBelow: (T, T) -> Bool
  ) -> Buffer<Bool> {
    switch operation {
    case .less: mapped(one, other, rowCount) { isBelow($0, $1) }
    case .lessEqual: mapped(one, other, rowCount) { !isBelow($1, $0) }
    case .greater: mapped(one, other, rowCount) { isBelow($1, $0) }
    case .greaterEqual: mapped(one, other, rowCount) { !isBelow($0, $1) }
    case .notEqual: mapped(one, other, rowCount) { isBelow($0, $1) || isBelow($1, $0) }
    default: mapped(one, other, rowCount) { !isBelow($0, $1) && !isBelow($1, $0) }
    }
  }

  private func compared(
    _ operation: Operation, _ one: TextLane, _ other: TextLane
  ) -> Buffer<Bool> {
    var flags = BufferBuilder<Bool>(capacity: rowCount)
    for row in 0..<rowCount {
      let order = one.withBytes(row) { first in
        other.withBytes(row) { second in first.order(against: second) }
      }
      flags.append(operation.holds(order))
    }
    return flags.finish()
  }

  /// Each text of a dictionary is compared once, where the other side is the same for every row.
  private func comparedByDictionary(
    _ operation: Operation, _ one: Operand, _ other: Operand
  ) -> Column? {
    guard case .dictionary(let texts) = one.column.values, !one.isConstant, other.isConstant,
      texts.dictionary.count < rowCount
    else { return nil }
    var work = self
    let entries = work.onDictionary(texts.dictionary) { work in
      work.comparison(operation, [.column(Column(.string(texts.dictionary))), other])
    }
    let column = entries.gathered(at: texts.codes.span)
    return one.column.validity.map { column.keeping($0) } ?? column
  }

  /// Lists and vectors, value by value; two nulls inside are alike.
  private func equal(_ operation: Operation, _ one: Operand, _ other: Operand) -> Buffer<Bool> {
    let (first, second) = (one.column, other.column)
    var flags = BufferBuilder<Bool>(capacity: rowCount)
    for row in 0..<rowCount {
      let isEqual = first[row * one.step].isAlike(second[row * other.step])
      flags.append(isEqual == (operation == .equal))
    }
    return flags.finish()
  }
}

extension Operation {
  /// Whether the comparison holds of two values, the first below (-1), level with (0) or above (1)
  /// the second.
  fileprivate func holds(_ order: Int) -> Bool {
    switch self {
    case .less: order < 0
    case .lessEqual: order <= 0
    case .greater: order > 0
    case .greaterEqual: order >= 0
    case .notEqual: order != 0
    default: order == 0
    }
  }
}

extension Double {
  /// Whether it lies below `other`: a NaN above every number, zeros alike.
  @inline(__always)
  func isBelow(_ other: Double) -> Bool { self < other || other.isNaN && !isNaN }
}

extension Value {
  /// Whether two values are equal as comparisons have it.
  func isAlike(_ other: Value) -> Bool {
    switch (self, other) {
    case (.double(let one), .double(let two)): !one.isBelow(two) && !two.isBelow(one)
    case (.list(let one), .list(let two)):
      one.count == two.count && zip(one, two).allSatisfy { $0.isAlike($1) }
    case (.vector(let one), .vector(let two)):
      one.count == two.count
        && zip(one, two).allSatisfy { Value.double(Double($0)).isAlike(.double(Double($1))) }
    default: self == other
    }
  }
}

extension UnsafeRawBufferPointer {
  /// -1, 0 or 1: below, level with or above `other`, byte by byte.
  func order(against other: UnsafeRawBufferPointer) -> Int {
    let shared = Swift.min(count, other.count)
    for index in 0..<shared where self[index] != other[index] {
      return self[index] < other[index] ? -1 : 1
    }
    return count == other.count ? 0 : count < other.count ? -1 : 1
  }
}
