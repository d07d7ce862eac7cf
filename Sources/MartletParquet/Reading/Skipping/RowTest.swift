import MartletColumns

/// A condition on one column of a file, in the terms in which the file tells its bounds.
struct RowTest {
  let condition: RowCondition
  let position: Int
  private let column: ParquetColumn
  private let least: Bound?
  private let greatest: Bound?

  /// Whether the file's bounds of this column are in the order of its values.
  private let hasOrder: Bool

  init(_ condition: RowCondition, on file: ParquetFile) throws(ParquetError) {
    self.condition = condition
    position = try file.positions(of: [condition.column])[0]
    column = file.columns[position]
    least = try Bound.sought(condition.least, in: column)
    greatest = try Bound.sought(condition.greatest, in: column)
    hasOrder = file.metadata.columnOrders?[at: position] == .typeDefined
  }

  /// Whether a value between `min` and `max`, as PLAIN has them, may be looked for. What is not known,
  /// or cannot be compared, may.
  func mayFulfil(min: [UInt8]?, max: [UInt8]?) -> Bool {
    guard let rule = column.rule, hasOrder || rule.isOrderedByItself else { return true }
    if let min, let greatest, let lowest = Bound(min, .least, of: column) {
      if greatest.isBefore(lowest) { return false }
      if condition.isEndExcluded, !lowest.isBefore(greatest) { return false }
    }
    if let max, let least, let highest = Bound(max, .greatest, of: column) {
      if highest.isBefore(least) { return false }
    }
    return true
  }

  /// Whether a chunk that says this of its values may have one that is looked for.
  func mayFulfil(_ statistics: Statistics, valueCount: Int64) -> Bool {
    if let nulls = statistics.nullCount, nulls == valueCount { return false }
    if statistics.minValue != nil || statistics.maxValue != nil {
      return mayFulfil(min: statistics.minValue, max: statistics.maxValue)
    }
    // What files of old say is in an order that all agreed on for signed integers alone.
    guard column.rule?.isOrderedByItself == true else { return true }
    return mayFulfil(min: statistics.legacyMin?.bytes, max: statistics.legacyMax?.bytes)
  }

  /// The bytes that a bloom filter may have of the one value that is looked for, none where no stored
  /// value becomes it; `nil` where a filter cannot tell.
  var filteredBytes: [[UInt8]]? {
    guard let only = condition.only, let rule = column.rule else { return nil }
    return only.storedBytes(as: column.physicalType, rule)
  }
}

extension ValueRule {
  /// Whether bounds of such values are in their order, whoever wrote them and when.
  fileprivate var isOrderedByItself: Bool {
    switch self {
    case .numbers(.int, .same), .numbers(.time, _): true
    default: false
    }
  }
}

extension Value {
  /// The stored values that become this one, in PLAIN; `nil` where they cannot be told.
  fileprivate func storedBytes(as type: PhysicalType, _ rule: ValueRule) -> [[UInt8]]? {
    switch (self, rule) {
    case (.string(let text), .texts): return [Array(text.utf8)]
    case (.bytes(let bytes), .texts): return [bytes]
    case (.double(let number), .numbers(_, .same)) where type == .double:
      return number == 0 ? [0.0, -0.0].map { $0.bitPattern.bytes } : [number.bitPattern.bytes]
    case (.int(let number), .numbers(_, .same)): return number.bytes(as: type)
    case (.time(let instant), .numbers(_, .same)): return instant.microseconds.bytes(as: type)
    case (.time(let instant), .numbers(_, .times(let factor))):
      let (number, rest) = instant.microseconds.quotientAndRemainder(dividingBy: factor)
      return rest == 0 ? number.bytes(as: type) : []
    default: return nil
    }
  }
}

extension FixedWidthInteger {
  /// The bytes, the lowest first.
  fileprivate var bytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }

  fileprivate func bytes(as type: PhysicalType) -> [[UInt8]] {
    if type == .int32 { return Int32(exactly: self).map { [$0.bytes] } ?? [] }
    return [bytes]
  }
}
