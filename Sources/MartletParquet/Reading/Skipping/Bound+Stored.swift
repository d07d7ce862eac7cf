import MartletColumns

extension Bound {
  /// `value`, which is looked for in `column`.
  static func sought(
    _ value: Value?, in column: ParquetColumn
  ) throws(ParquetError) -> Bound? {
    guard let value else { return nil }
    let type = try column.type.get()
    switch (value, type) {
    case (.bool(let flag), .bool): return .bool(flag)
    case (.int(let number), .int): return .int(number)
    case (.time(let instant), .time): return .int(instant.microseconds)
    case (.double(let number), .double): return .double(number)
    case (.string(let text), .string): return .text(Array(text.utf8))
    case (.bytes(let bytes), .bytes): return .text(bytes)
    default:
      throw ParquetError(
        .unsupported("a condition by \(value) on values of \(type)"),
        at: .init(column: column.name))
    }
  }

  /// Which of a column's bounds it is.
  enum Side { case least, greatest }

  /// A bound in PLAIN as what its column's values become; `nil` where that is not known or has no
  /// place in an order.
  init?(_ bytes: [UInt8], _ side: Side, of column: ParquetColumn) {
    let type = column.physicalType
    switch column.rule {
    case .flags where bytes.count == 1: self = .bool(bytes[0] != 0)
    case .texts: self = .text(bytes)
    case .uuids where bytes.count == 16:
      self = .text(bytes.withUnsafeBytes { $0.spelledAsUUID })
    case .numbers(_, .same) where type == .double && bytes.count == 8:
      self.init(Double(bitPattern: UInt64(littleEndianBytes: bytes)))
    case .numbers(_, .float) where bytes.count == 4:
      let bits = UInt32(truncatingIfNeeded: UInt64(littleEndianBytes: bytes))
      self.init(Double(Float(bitPattern: bits)))
    // Those in bytes of any number may have been cut, as texts are.
    case .decoded(_, .float16) where bytes.count == 2:
      self.init(Double(halfBits: UInt16(truncatingIfNeeded: UInt64(littleEndianBytes: bytes))))
    case .decoded(_, .decimal(let scale))
    where bytes.count == column.fixedByteCount && 1...16 ~= bytes.count:
      let start: Int128 = bytes[0] >= 128 ? -1 : 0
      let number = bytes.reduce(start) { $0 &<< 8 | Int128($1) }
      self.init(side, Double.around(number, dividedByTenTo: scale))
    case .numbers(_, let rule) where bytes.count == (type == .int32 ? 4 : 8):
      let bits = UInt64(littleEndianBytes: bytes)
      let number =
        type == .int32 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
      if case .decimal(let scale) = rule {
        self.init(side, Double.around(Int128(number), dividedByTenTo: scale))
        return
      }
      guard let found = rule.converted(number) else { return nil }
      self = .int(found)
    default: return nil
    }
  }

  private init?(_ number: Double) {
    if number.isNaN { return nil }
    self = .double(number)
  }

  private init?(_ side: Side, _ around: ClosedRange<Double>?) {
    guard let around else { return nil }
    self = .double(side == .least ? around.lowerBound : around.upperBound)
  }

  /// Whether this comes before `other` for certain.
  func isBefore(_ other: Bound) -> Bool { self < other }
}

extension Double {
  /// Two doubles between which `number` / 10^`scale` lies, the same one where it is that; `nil` where
  /// that is not known.
  fileprivate static func around(
    _ number: Int128, dividedByTenTo scale: Int
  ) -> ClosedRange<Double>? {
    // Where it is no double, which is no error in a bound, the nearest one is at most half a step away:
    // that of two doubles' quotient, which these are without rounding.
    if let exact = try? Double(exactly: number, dividedByTenTo: scale) { return exact...exact }
    guard 0...22 ~= scale, number.magnitude <= 1 << 53 else { return nil }
    let ten = (0..<scale).reduce(1.0) { power, _ in power * 10 }
    let nearest = Double(number) / ten
    return nearest.nextDown...nearest.nextUp
  }
}

extension ValueRule.NumberRule {
  /// What a stored number becomes, or `nil` where that is not known. Never decreases as `number` grows.
  fileprivate func converted(_ number: Int64) -> Int64? {
    switch self {
    case .same: return number
    case .unsigned32: return number & 0xFFFF_FFFF
    case .unsigned64: return number < 0 ? .max : number
    case .times(let factor):
      let (product, isOver) = number.multipliedReportingOverflow(by: factor)
      return isOver ? nil : product
    case .floorThousandths:
      let (quotient, remainder) = number.quotientAndRemainder(dividingBy: 1_000)
      return remainder < 0 ? quotient - 1 : quotient
    case .float, .decimal: return nil
    }
  }
}

extension UInt64 {
  /// The number of eight bytes or fewer, the lowest first.
  fileprivate init(littleEndianBytes bytes: [UInt8]) {
    self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
