import MartletColumns

/// What is made of a column's stored values.
///
/// Nothing is rounded or wrapped without a word: a value that has no exact place among our types is
/// an error that names it. The one exception is counted: nanoseconds are floored to microseconds.
enum ValueRule: Equatable, Sendable {
  case flags
  /// Numbers of 32 or 64 bits, and what becomes of them.
  case numbers(ColumnType, NumberRule)
  /// Bytes that become numbers.
  case decoded(ColumnType, BytesRule)
  /// Bytes that stay as they are.
  case texts(ColumnType)
  /// Sixteen bytes each, spelled out.
  case uuids

  enum NumberRule: Equatable, Sendable {
    case same
    case unsigned32
    case unsigned64
    /// Times this many; what is too large is an error.
    case times(Int64)
    case floorThousandths
    case float
    case decimal(scale: Int)
  }

  enum BytesRule: Equatable, Sendable {
    case int96
    case float16
    case decimal(scale: Int)
  }

  /// What a column's values are here.
  var columnType: ColumnType {
    switch self {
    case .flags: .bool
    case .numbers(let type, _), .decoded(let type, _), .texts(let type): type
    case .uuids: .string
    }
  }

  /// The rule for `physical` values that mean `meaning`.
  init(
    _ physical: PhysicalType, _ meaning: LogicalType?, byteCount: Int?
  ) throws(ParquetError) {
    if case .newer(let id)? = meaning {
      throw .unsupported(id == 21 ? "the type INTERVAL" : "logical type \(id)")
    }
    if let meaning, [.variant, .geometry, .geography].contains(meaning) {
      throw .unsupported("the type \(meaning)")
    }
    let rule: ValueRule?
    switch physical {
    case .boolean: rule = meaning == nil ? .flags : nil
    case .int32: rule = ValueRule.narrow(meaning)
    case .int64: rule = ValueRule.wide(meaning)
    case .int96: rule = .decoded(.time, .int96)
    case .float: rule = .numbers(.double, .float)
    case .double: rule = .numbers(.double, .same)
    case .byteArray: rule = try ValueRule.bytes(meaning)
    case .fixedLengthByteArray:
      guard let byteCount, byteCount > 0 else { throw .damaged("values of no bytes") }
      rule = try ValueRule.fixed(meaning, byteCount)
    default: throw .unsupported("\(physical)")
    }
    guard let rule else {
      throw .unsupported("\(physical) as \(meaning.map { "\($0)" } ?? "such")")
    }
    self = rule
  }

  private static func narrow(_ meaning: LogicalType?) -> ValueRule? {
    switch meaning {
    case nil, .unknown?, .integer(_, isSigned: true)?: .numbers(.int, .same)
    case .integer(_, isSigned: false)?: .numbers(.int, .unsigned32)
    case .date?: .numbers(.time, .times(86_400_000_000))
    case .time(.milliseconds, _)?: .numbers(.int, .times(1_000))
    case .decimal(let scale, _)?: .numbers(.double, .decimal(scale: scale))
    default: nil
    }
  }

  private static func wide(_ meaning: LogicalType?) -> ValueRule? {
    switch meaning {
    case nil, .unknown?, .integer(_, isSigned: true)?: .numbers(.int, .same)
    case .integer(_, isSigned: false)?: .numbers(.int, .unsigned64)
    case .time(.microseconds, _)?: .numbers(.int, .same)
    case .time(.nanoseconds, _)?: .numbers(.int, .floorThousandths)
    case .timestamp(.milliseconds, _)?: .numbers(.time, .times(1_000))
    case .timestamp(.microseconds, _)?: .numbers(.time, .same)
    case .timestamp(.nanoseconds, _)?: .numbers(.time, .floorThousandths)
    case .decimal(let scale, _)?: .numbers(.double, .decimal(scale: scale))
    default: nil
    }
  }

  private static func bytes(_ meaning: LogicalType?) throws(ParquetError) -> ValueRule? {
    switch meaning {
    case .string?, .enum?, .json?: .texts(.string)
    case nil, .bson?, .unknown?: .texts(.bytes)
    case .decimal(let scale, _)?: .decoded(.double, .decimal(scale: scale))
    default: nil
    }
  }

  private static func fixed(
    _ meaning: LogicalType?, _ byteCount: Int
  ) throws(ParquetError) -> ValueRule? {
    switch meaning {
    case nil, .unknown?: .texts(.bytes)
    case .uuid? where byteCount == 16: .uuids
    case .float16? where byteCount == 2: .decoded(.double, .float16)
    case .decimal(let scale, _)?: .decoded(.double, .decimal(scale: scale))
    default: nil
    }
  }
}

extension ValueRule.NumberRule {
  /// Turns `count` stored numbers into ours, in place; returns how many lost a part of a
  /// microsecond.
  func apply(
    to numbers: UnsafeMutablePointer<Int64>, count: Int
  ) throws(ParquetError) -> Int {
    switch self {
    case .same: return 0
    case .unsigned32:
      for index in 0..<count { numbers[index] &= 0xFFFF_FFFF }
      return 0
    case .unsigned64:
      var all: Int64 = 0
      for index in 0..<count { all |= numbers[index] }
      if all >= 0 { return 0 }
      throw .unsupported("unsigned numbers over \(Int64.max)")
    case .times(let factor):
      for index in 0..<count {
        let (product, isOver) = numbers[index].multipliedReportingOverflow(by: factor)
        if isOver { throw .unsupported("a time of \(numbers[index]), which is too far away") }
        numbers[index] = product
      }
      return 0
    case .floorThousandths:
      var cut = 0
      for index in 0..<count {
        let (quotient, remainder) = numbers[index].quotientAndRemainder(dividingBy: 1_000)
        numbers[index] = remainder < 0 ? quotient - 1 : quotient
        cut += remainder == 0 ? 0 : 1
      }
      return cut
    case .float:
      for index in 0..<count {
        let float = Float(bitPattern: UInt32(truncatingIfNeeded: numbers[index]))
        numbers[index] = Int64(bitPattern: Double(float).bitPattern)
      }
      return 0
    case .decimal(let scale):
      for index in 0..<count {
        let double = try Double(exactly: Int128(numbers[index]), dividedByTenTo: scale)
        numbers[index] = Int64(bitPattern: double.bitPattern)
      }
      return 0
    }
  }
}

extension ValueRule.BytesRule {
  /// The bits of what `bytes` become, and whether a part of a microsecond was lost.
  func decode(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) -> (Int64, isCut: Bool) {
    switch self {
    case .int96:
      guard bytes.count == 12 else { throw .damaged("an INT96 of \(bytes.count) bytes") }
      // Nanoseconds of the day, then the day by its Julian number, of which 1970 is 2,440,588.
      let nanoseconds = Int64(littleEndian: bytes.loadUnaligned(as: Int64.self))
      let day = Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self))
      let (days, isOver) = (Int64(day) - 2_440_588).multipliedReportingOverflow(by: 86_400_000_000)
      let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000)
      let (time, isLater) = days.addingReportingOverflow(remainder < 0 ? quotient - 1 : quotient)
      if isOver || isLater { throw .unsupported("a time of day \(day), which is too far away") }
      return (time, remainder != 0)
    case .float16:
      guard bytes.count == 2 else { throw .damaged("a FLOAT16 of \(bytes.count) bytes") }
      let bits = UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self))
      return (Int64(bitPattern: Double(halfBits: bits).bitPattern), false)
    case .decimal(let scale):
      guard bytes.count <= 16 else { throw .unsupported("decimals of \(bytes.count) bytes") }
      var number: Int128 = bytes.first.map { $0 >= 128 ? -1 : 0 } ?? 0
      for byte in bytes { number = number &<< 8 | Int128(byte) }
      let double = try Double(exactly: number, dividedByTenTo: scale)
      return (Int64(bitPattern: double.bitPattern), false)
    }
  }
}

extension Double {
  /// `number` / 10^`scale`, where that is a double to the last digit.
  init(exactly number: Int128, dividedByTenTo scale: Int) throws(ParquetError) {
    var rest = number
    // A tenth is a half and a fifth; halves are free, fifths must go out even.
    for _ in 0..<max(0, scale) {
      if rest == 0 { break }
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 5)
      guard remainder == 0 else {
        throw .unsupported("the decimal \(number)e-\(scale), which is no double exactly")
      }
      rest = quotient
    }
    guard scale >= 0, scale <= 1_000, let double = Double(exactly: rest) else {
      throw .unsupported("the decimal \(number)e-\(scale), which is no double exactly")
    }
    self = double / Double(sign: .plus, exponent: scale, significand: 1)
  }

  /// The number that a half-precision float of these bits is.
  init(halfBits bits: UInt16) {
    let exponent = Int(bits >> 10 & 31)
    let fraction = UInt64(bits & 1_023)
    let sign = UInt64(bits >> 15) << 63
    switch exponent {
    case 0:
      let size = Double(fraction) / 16_777_216
      self = sign == 0 ? size : -size
    case 31: self.init(bitPattern: sign | 0x7FF0_0000_0000_0000 | fraction << 42)
    default: self.init(bitPattern: sign | UInt64(exponent + 1_008) << 52 | fraction << 42)
    }
  }
}
