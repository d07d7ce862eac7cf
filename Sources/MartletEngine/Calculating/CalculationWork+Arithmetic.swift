import MartletColumns
import MartletLanguage

extension CalculationWork {
  mutating func arithmetic(
    _ operation: Operation, _ arguments: [Operand], _ type: ColumnType
  ) -> Column {
    type == .int ? ints(operation, arguments) : doubles(operation, arguments)
  }

  private mutating func ints(_ operation: Operation, _ arguments: [Operand]) -> Column {
    let (one, other) = (arguments[0].words, arguments[arguments.count - 1].words)
    switch operation {
    case .add:
      return whole(arguments) { one.whole(with: other, $0) { $0.addingReportingOverflow($1) } }
    case .subtract:
      return whole(arguments) { one.whole(with: other, $0) { $0.subtractingReportingOverflow($1) } }
    case .multiply:
      return whole(arguments) {
        one.whole(with: other, $0) { $0.multipliedReportingOverflow(by: $1) }
      }
    case .negate:
      return whole(arguments) {
        one.whole(with: one, $0) { zero, value in
          Int64(0).subtractingReportingOverflow(value)
        }
      }
    default:
      let attempt = attempted(one, other, rowCount, zero: 0) { $0.remainder(by: $1) }
      return strict(arguments, attempt, or: .divisionByZero) { .int($0) }
    }
  }

  private mutating func whole(
    _ arguments: [Operand], _ attempt: (Int) -> Attempt<Int64>
  ) -> Column {
    strict(arguments, attempt(rowCount), or: .overflow) { .int($0) }
  }

  private mutating func doubles(_ operation: Operation, _ arguments: [Operand]) -> Column {
    let (one, other) = (arguments[0].doubles, arguments[arguments.count - 1].doubles)
    switch operation {
    case .add: return strict(arguments, .double(mapped(one, other, rowCount) { $0 + $1 }))
    case .subtract: return strict(arguments, .double(mapped(one, other, rowCount) { $0 - $1 }))
    case .multiply: return strict(arguments, .double(mapped(one, other, rowCount) { $0 * $1 }))
    case .negate: return strict(arguments, .double(mapped(one, rowCount) { -$0 }))
    case .divide:
      let attempt = attempted(one, other, rowCount, zero: 0) { $1 == 0 ? nil : $0 / $1 }
      return strict(arguments, attempt, or: .divisionByZero) { .double($0) }
    default:
      let attempt = attempted(one, other, rowCount, zero: 0) {
        $1 == 0 ? nil : $0.truncatingRemainder(dividingBy: $1)
      }
      return strict(arguments, attempt, or: .divisionByZero) { .double($0) }
    }
  }

  /// A time, so many microseconds later or earlier.
  mutating func shifted(_ operation: Operation, _ arguments: [Operand]) -> Column {
    let (times, lengths) = (arguments[0].words, arguments[1].words)
    let attempt =
      operation == .addLength
      ? times.whole(with: lengths, rowCount) { $0.addingReportingOverflow($1) }
      : times.whole(with: lengths, rowCount) { $0.subtractingReportingOverflow($1) }
    return strict(arguments, attempt, or: .overflow) { .time($0) }
  }

  // MARK: Functions of numbers

  mutating func number(
    _ name: String, _ arguments: [Operand], _ type: ColumnType
  ) -> Column {
    if type == .int { return wholeNumber(name, arguments) }
    let x = arguments[0].doubles
    switch name {
    case "abs": return strict(arguments, .double(mapped(x, rowCount) { $0.magnitude }))
    case "sign":
      return strict(
        arguments,
        .double(mapped(x, rowCount) { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }))
    case "floor": return strict(arguments, .double(mapped(x, rowCount) { $0.rounded(.down) }))
    case "ceil": return strict(arguments, .double(mapped(x, rowCount) { $0.rounded(.up) }))
    case "round": return rounded(arguments)
    case "exp":
      return strict(arguments, .double(mapped(x, rowCount) { Elementary.exponential($0) }))
    case "sqrt":
      return possible(arguments) { x, _ in x < 0 ? nil : x.squareRoot() }
    case "ln": return possible(arguments) { x, _ in Elementary.logarithm(x) }
    case "log10": return possible(arguments) { x, _ in Elementary.decimalLogarithm(x) }
    default: return possible(arguments) { x, y in Elementary.power(x, y) }
    }
  }

  private mutating func possible(
    _ arguments: [Operand], _ body: (Double, Double) -> Double?
  ) -> Column {
    let (one, other) = (arguments[0].doubles, arguments[arguments.count - 1].doubles)
    let attempt = attempted(one, other, rowCount, zero: 0, body)
    return strict(arguments, attempt, or: .noSuchNumber) { .double($0) }
  }

  private mutating func wholeNumber(_ name: String, _ arguments: [Operand]) -> Column {
    let one = arguments[0].words
    switch name {
    case "sign": return strict(arguments, .int(mapped(one, rowCount) { $0.signum() }))
    case "abs":
      let attempt = attempted(one, rowCount, zero: Int64(0)) { $0 == .min ? nil : abs($0) }
      return strict(arguments, attempt, or: .overflow) { .int($0) }
    default:
      // `div`: the one quotient that does not fit is counted beside those by zero.
      let attempt = attempted(one, arguments[1].words, rowCount, zero: 0) {
        value, divisor -> Int64? in
        let (quotient, failed) = value.dividedReportingOverflow(by: divisor)
        return failed ? nil : quotient
      }
      return strict(arguments, attempt, or: .divisionByZero) { .int($0) }
    }
  }

  /// Half to even in decimals: the double nearest to the rounded decimal.
  private func rounded(_ arguments: [Operand]) -> Column {
    let x = arguments[0].doubles
    guard arguments.count == 2, case .int(let decimals) = arguments[1].column[0], decimals > 0
    else {
      return strict([arguments[0]], .double(mapped(x, rowCount) { $0.rounded(.toNearestOrEven) }))
    }
    return strict(
      [arguments[0]],
      .double(mapped(x, rowCount) { Elementary.rounded($0, decimals: Int(decimals)) }))
  }

  /// The great-circle distance on a sphere of the Earth's mean radius.
  func distance(_ arguments: [Operand]) -> Column {
    var result = BufferBuilder<Double>(capacity: rowCount)
    let lanes = arguments.map { operand -> (Buffer<Double>, Int) in
      guard case .double(let numbers) = operand.column.values else { return ([], 0) }
      return (numbers, operand.step)
    }
    for row in 0..<rowCount {
      let place = lanes.map { $0.0[row * $0.1] }
      result.append(
        Elementary.distance(
          latitude: place[0], longitude: place[1], otherLatitude: place[2],
          otherLongitude: place[3]))
    }
    return strict(arguments, .double(result.finish()))
  }
}

extension Lane<Int64> {
  /// What `body` makes of the two where it does not overflow.
  @inline(__always)
  fileprivate func whole(
    with other: Lane<Int64>, _ count: Int,
    _ body: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> Attempt<Int64> {
    attempted(self, other, count, zero: 0) { one, two in
      let (value, overflow) = body(one, two)
      return overflow ? nil : value
    }
  }
}

extension Int64 {
  /// The remainder of the division; none by zero, and 0 by -1, whose quotient may not fit.
  fileprivate func remainder(by divisor: Int64) -> Int64? {
    divisor == 0 ? nil : divisor == -1 ? 0 : self % divisor
  }
}
