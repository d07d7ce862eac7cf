public import MartletAggregates
public import MartletColumns

/// What a service answers about one entity: values and statuses side by side, in one piece of memory
/// for all numbers and one for all texts.
public struct OnlineRow: Sendable {
  /// The status of each output, in the service's order.
  public private(set) var statuses: [ValueStatus] = []

  private var cells: [Cell] = []
  private var texts: [UInt8] = []

  /// Every commit up to this one was seen.
  public internal(set) var commit: UInt64 = 0

  /// A value as it is held here.
  private enum Cell {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case time(Int64)
    case string(Range<Int32>)
    case bytes(Range<Int32>)
    indirect case other(Value)
  }

  /// A row without outputs yet, and room for `capacity` of them.
  public init(capacity: Int) {
    statuses.reserveCapacity(capacity)
    cells.reserveCapacity(capacity)
  }

  /// The number of outputs.
  public var count: Int { cells.count }

  /// The value of output `index`.
  public subscript(index: Int) -> Value {
    switch cells[index] {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .double(let number): .double(number)
    case .time(let moment): .time(Instant(microseconds: moment))
    case .string(let range): .string(String(decoding: texts[range.places], as: UTF8.self))
    case .bytes(let range): .bytes(Array(texts[range.places]))
    case .other(let value): value
    }
  }

  /// The int, time or double of output `index` by its bits; `nil` where it is null or something else.
  public func word(_ index: Int) -> Int64? {
    switch cells[index] {
    case .int(let number), .time(let number): number
    case .double(let number): Int64(bitPattern: number.bitPattern)
    default: nil
    }
  }

  /// A value where it lies: texts are lent, not copied.
  public enum Lent {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case time(Int64)
    case string(UnsafeRawBufferPointer)
    case bytes(UnsafeRawBufferPointer)

    /// A list or a vector.
    case other(Value)
  }

  /// Lends `body` the outputs' values one after the other, with their numbers.
  public func forEach(_ body: (Int, Lent) -> Void) {
    texts.withUnsafeBytes { texts in
      func text(_ range: Range<Int32>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: texts[range.places])
      }
      for index in cells.indices {
        switch cells[index] {
        case .null: body(index, .null)
        case .bool(let flag): body(index, .bool(flag))
        case .int(let number): body(index, .int(number))
        case .double(let number): body(index, .double(number))
        case .time(let moment): body(index, .time(moment))
        case .string(let range): body(index, .string(text(range)))
        case .bytes(let range): body(index, .bytes(text(range)))
        case .other(let value): body(index, .other(value))
        }
      }
    }
  }

  // MARK: Filling

  /// Appends an output.
  public mutating func append(_ value: Value, _ status: ValueStatus) {
    statuses.append(status)
    cells.append(cell(of: value))
  }

  /// Replaces output `index`.
  mutating func replace(_ index: Int, by value: Value, _ status: ValueStatus) {
    statuses[index] = status
    cells[index] = cell(of: value)
  }

  private mutating func cell(of value: Value) -> Cell {
    switch value {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .double(let number): .double(number)
    case .time(let moment): .time(moment.microseconds)
    case .string(var text): .string(text.withUTF8 { hold(UnsafeRawBufferPointer($0)) })
    case .bytes(let bytes): .bytes(bytes.withUnsafeBytes { hold($0) })
    case .list, .vector: .other(value)
    }
  }

  /// Appends output `index` of another row.
  mutating func append(_ index: Int, of other: OnlineRow) {
    statuses.append(other.statuses[index])
    switch other.cells[index] {
    case .string(let range): cells.append(.string(hold(range, of: other)))
    case .bytes(let range): cells.append(.bytes(hold(range, of: other)))
    case let cell: cells.append(cell)
    }
  }

  private mutating func hold(_ range: Range<Int32>, of other: OnlineRow) -> Range<Int32> {
    other.texts.withUnsafeBytes { hold(UnsafeRawBufferPointer(rebasing: $0[range.places])) }
  }

  @inline(__always)
  mutating func appendNull(_ status: ValueStatus) {
    statuses.append(status)
    cells.append(.null)
  }

  @inline(__always)
  mutating func append(word: Int64, as kind: LoneRow.Kind) {
    statuses.append(.present)
    switch kind {
    case .time: cells.append(.time(word))
    case .double: cells.append(.double(Double(bitPattern: UInt64(bitPattern: word))))
    case .bool: cells.append(.bool(word != 0))
    case .int, .string, .bytes: cells.append(.int(word))
    }
  }

  mutating func append(text: UnsafeRawBufferPointer, isString: Bool) {
    statuses.append(.present)
    let range = hold(text)
    cells.append(isString ? .string(range) : .bytes(range))
  }

  private mutating func hold(_ text: UnsafeRawBufferPointer) -> Range<Int32> {
    let start = Int32(clamping: texts.count)
    texts.append(contentsOf: text)
    return start..<Int32(clamping: texts.count)
  }
}

extension Range<Int32> {
  fileprivate var places: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}
