import MartletColumns

extension CalculationWork {
  /// The value as one of `type`; what the second argument says where it has no counterpart there.
  func cast(_ arguments: [Operand], to type: ColumnType) -> Column {
    let value = arguments[0]
    if value.type == type {
      return value.isConstant ? value.column.repeated(rowCount) : value.column
    }
    let otherwise = arguments.count > 1 ? arguments[1] : nil
    let result = ColumnBuilder(type, capacity: rowCount)
    for row in 0..<rowCount {
      let given = value.column[row * value.step]
      if given == .null {
        result.appendNull()
        continue
      }
      let cast = given.cast(to: type) ?? otherwise.map { $0.column[row * $0.step] } ?? .null
      if !result.append(cast) { result.appendNull() }
    }
    return result.finish()
  }
}

extension Value {
  /// The same as a value of `type`; `nil` where it has no counterpart there.
  func cast(to type: ColumnType) -> Value? {
    switch (self, type) {
    case (.int(let number), .double): return .double(Double(number))
    case (.int(let number), .string): return .string("\(number)")
    case (.bool(let flag), .int): return .int(flag ? 1 : 0)
    case (.bool(let flag), .string): return .string("\(flag)")
    case (.double(let number), .int): return Int64(exactly: number).map { .int($0) }
    case (.double(let number), .string): return .string("\(number)")
    case (.time(let instant), .string): return .string("\(instant)")
    case (.string(let text), .int):
      return text.isDecimal(withPoint: false) ? Int64(text).map { .int($0) } : nil
    case (.string(let text), .double):
      return text.isDecimal(withPoint: true) ? Double(text).map { .double($0) } : nil
    case (.string("true"), .bool): return .bool(true)
    case (.string("false"), .bool): return .bool(false)
    case (.string(let text), .time):
      // Why the text is no time is of no use here: the definition says what stands instead.
      return (try? Instant(text)).map { .time($0) }
    default: return nil
    }
  }
}

extension String {
  /// Whether it is written in digits as people write numbers, and not in one of the other manners
  /// that a parser may know.
  fileprivate func isDecimal(withPoint: Bool) -> Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): withPoint
        default: false
        }
      }
  }
}
