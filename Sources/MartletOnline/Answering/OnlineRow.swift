public import MartletAggregates
public import MartletColumns

/// What a service answers about one entity: values and statuses side by side, in one piece of memory
/// for all numbers and one for all texts. The same memory serves one answer after the other.
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

  /// A row of these values, all present but the nulls.
  init(_ values: [Value]) {
    self.init(capacity: values.count)
    for value in values { append(value, value == .null ? .null : .present) }
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

    /// The value, copied.
    public var value: Value {
      switch self {
      case .null: .null
      case .bool(let flag): .bool(flag)
      case .int(let number): .int(number)
      case .double(let number): .double(number)
      case .time(let microseconds): .time(Instant(microseconds: microseconds))
      case .string(let text): .string(String(decoding: text, as: UTF8.self))
      case .bytes(let bytes): .bytes(Array(bytes))
      case .other(let value): value
      }
    }
  }

  /// Lends `body` the outputs' values one after the other, with their numbers.
  public func forEach(_ body: (Int, Lent) -> Void) {
    texts.withUnsafeBytes { texts in
      for index in cells.indices { body(index, Self.lent(cells[index], texts)) }
    }
  }

  /// Lends `body` all values at once.
  func withLent<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Lent>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = texts.span.bytes
    return try bytes.withUnsafeBytes { (texts) throws(Failure) in
      let lent = cells.map { Self.lent($0, texts) }
      return try lent.withUnsafeBufferPointer { (lent) throws(Failure) in try body(lent) }
    }
  }

  @inline(__always)
  private static func lent(_ cell: Cell, _ texts: UnsafeRawBufferPointer) -> Lent {
    func text(_ range: Range<Int32>) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(rebasing: texts[range.places])
    }
    return switch cell {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .double(let number): .double(number)
    case .time(let moment): .time(moment)
    case .string(let range): .string(text(range))
    case .bytes(let range): .bytes(text(range))
    case .other(let value): .other(value)
    }
  }

  // MARK: Filling

  /// Appends an output.
  public mutating func append(_ value: Value, _ status: ValueStatus) {
    statuses.append(status)
    cells.append(cell(of: value))
  }

  /// Begins anew with `count` outputs, all of which are missing.
  mutating func begin(_ count: Int) {
    texts.removeAll(keepingCapacity: true)
    if cells.count == count {
      for index in 0..<count {
        statuses[index] = .missing
        cells[index] = .null
      }
    } else {
      statuses = Array(repeating: .missing, count: count)
      cells = Array(repeating: .null, count: count)
    }
  }

  /// Sets output `index`.
  mutating func set(_ index: Int, to value: Value, _ status: ValueStatus) {
    statuses[index] = status
    cells[index] = cell(of: value)
  }

  @inline(__always)
  mutating func setNull(_ index: Int, _ status: ValueStatus) {
    statuses[index] = status
    cells[index] = .null
  }

  @inline(__always)
  mutating func set(_ index: Int, toWord word: Int64, as kind: LoneRow.Kind) {
    statuses[index] = .present
    switch kind {
    case .time: cells[index] = .time(word)
    case .double: cells[index] = .double(Double(bitPattern: UInt64(bitPattern: word)))
    case .bool: cells[index] = .bool(word != 0)
    case .int, .string, .bytes: cells[index] = .int(word)
    }
  }

  mutating func set(_ index: Int, toText text: UnsafeRawBufferPointer, isString: Bool) {
    statuses[index] = .present
    let range = hold(text)
    cells[index] = isString ? .string(range) : .bytes(range)
  }

  /// Sets output `index` to what output `other` is.
  mutating func set(_ index: Int, toThatOf other: Int) {
    statuses[index] = statuses[other]
    cells[index] = cells[other]
  }

  /// Leaves the last `count` outputs away.
  mutating func removeLast(_ count: Int) {
    statuses.removeLast(count)
    cells.removeLast(count)
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

  private mutating func hold(_ text: UnsafeRawBufferPointer) -> Range<Int32> {
    let start = Int32(clamping: texts.count)
    texts.append(contentsOf: text)
    return start..<Int32(clamping: texts.count)
  }
}

extension Range<Int32> {
  fileprivate var places: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}
