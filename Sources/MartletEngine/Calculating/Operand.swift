import MartletColumns

/// What a step gives: a value for each row, or one for all of them.
enum Operand {
  case column(Column)

  /// A column of one row that stands for every row.
  case constant(Column)

  /// The values: as many as rows, or one.
  var column: Column {
    switch self {
    case .column(let column), .constant(let column): column
    }
  }

  var isConstant: Bool { if case .constant = self { true } else { false } }

  /// How far apart the values of neighbouring rows lie.
  var step: Int { isConstant ? 0 : 1 }

  var type: ColumnType { column.type }
}

/// The values of an operand in a form that a loop reads, whether there is one or one a row.
struct Lane<Element: BitwiseCopyable> {
  private let values: Buffer<Element>
  private let step: Int

  init(_ values: Buffer<Element>, step: Int) {
    self.values = values
    self.step = step
  }

  @inline(__always)
  func withValues<Result>(_ body: (UnsafePointer<Element>, _ step: Int) -> Result) -> Result? {
    values.withUnsafeBufferPointer { values in values.baseAddress.map { body($0, step) } }
  }
}

extension Operand {
  /// The ints, or the times by their microseconds.
  var words: Lane<Int64> {
    switch column.values {
    case .int(let numbers), .time(let numbers): Lane(numbers, step: step)
    default: preconditionFailure("a \(type) where numbers are wanted")
    }
  }

  var doubles: Lane<Double> {
    guard case .double(let numbers) = column.values else {
      preconditionFailure("a \(type) where doubles are wanted")
    }
    return Lane(numbers, step: step)
  }

  var flags: Lane<Bool> {
    guard case .bool(let flags) = column.values else {
      preconditionFailure("a \(type) where bools are wanted")
    }
    return Lane(flags, step: step)
  }

  /// The strings or the bytes.
  var texts: TextLane {
    switch column.values {
    case .string(let texts), .bytes(let texts): TextLane(texts: texts, step: step)
    case .dictionary(let texts):
      TextLane(texts: texts.flattened(keeping: column.validity), step: step)
    default: preconditionFailure("a \(type) where texts are wanted")
    }
  }
}

/// The texts of an operand, one or one a row.
struct TextLane {
  let texts: Strings
  let step: Int

  @inline(__always)
  func withBytes<Result>(_ row: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    texts.withBytes(at: row * step, body)
  }

  func string(_ row: Int) -> String { texts[row * step] }
}

extension [Operand] {
  /// The rows in which no operand is null, of `count` rows; `nil` when that is all.
  func complete(_ count: Int) -> Bitmap? {
    var result: Bitmap?
    for operand in self {
      guard let validity = operand.column.validity else { continue }
      let bits =
        operand.isConstant ? Bitmap(repeating: validity[0], count: count) : validity
      result = result?.intersection(bits) ?? bits
    }
    return result
  }
}
