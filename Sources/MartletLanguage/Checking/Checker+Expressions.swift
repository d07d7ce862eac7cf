import MartletColumns
import MartletDiagnostics

// What an expression means in a scope. `nil` is: it means nothing, and that has been reported.

extension Checker {
  /// A bool that decides something.
  mutating func condition(
    _ syntax: ExpressionSyntax, _ scope: inout Scope, _ word: String
  ) -> Expression? {
    guard let result = expression(syntax, &scope) else { return nil }
    guard result.type == .bool || result.isNullLiteral else {
      report(.notACondition(syntax.range, result.type, word))
      return nil
    }
    if case .literal = result.kind {
      report(.constantCondition(syntax.range, files.text(in: syntax.range)))
    }
    return result
  }

  mutating func expression(_ syntax: ExpressionSyntax, _ scope: inout Scope) -> Expression? {
    switch syntax.kind {
    case .broken: return nil
    case .null: return .null
    case .bool(let value): return .literal(.bool(value), .bool)
    case .int(let value): return .literal(.int(value), .int)
    case .double(let value, let written):
      if value.isExact(asWritten: written) == false {
        report(.impreciseNumber(syntax.range, value))
      }
      return .literal(.double(value), .double)
    case .string(let text): return .literal(.string(text), .string)
    case .length:
      report(.strayLength(syntax.range))
      return nil
    case .name(let name): return named(name, &scope)
    case .member(let set, let feature): return member(set, feature, syntax.range, &scope)
    case .list(let elements): return list(elements, syntax.range, &scope)
    case .call(let call): return self.call(call, syntax.range, &scope)
    case .parenthesized(let inner): return expression(inner, &scope)
    case .unary(let sign, let operand): return unary(sign, operand, &scope)
    case .binary(let sign, let left, let right, let place):
      return binary(sign, left, right, place, &scope)
    case .chain(let sign, let operands): return chain(sign, operands, &scope)
    case .isNull(let operand, let isNegated):
      return isNull(operand, isNegated, syntax.range, &scope)
    case .isIn(let operand, let values, let isNegated):
      return membership(.isIn, [operand] + values, isNegated, &scope)
    case .isBetween(let operand, let low, let high, let isNegated):
      return membership(.isBetween, [operand, low, high], isNegated, &scope)
    case .choice(let condition, let first, let second):
      guard let condition = self.condition(condition, &scope, "if"),
        let branches = alike([first, second], &scope)
      else { return nil }
      return .call(
        .choice, [condition] + branches, branches[0].type,
        canBeNull: branches.contains(where: \.canBeNull))
    }
  }

  // MARK: Names

  private mutating func named(_ name: Name, _ scope: inout Scope) -> Expression? {
    guard let entry = use(name, &scope) else { return nil }
    return Expression(kind: entry.kind, type: entry.type, canBeNull: entry.canBeNull)
  }

  private mutating func member(
    _ set: Name, _ feature: Name, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    guard scope.place == .question else {
      report(.featureInRow(range, scope.owner))
      return nil
    }
    guard let found = self.feature(feature, of: set) else { return nil }
    scope.labelRead = scope.labelRead ?? found.label
    return Expression(
      kind: .feature(set: set.text, name: feature.text), type: found.feature.type, canBeNull: true)
  }

  /// The feature that `set.feature` names, its set checked first.
  mutating func feature(
    _ name: Name, of set: Name
  ) -> (feature: Feature, label: TextRange?)? {
    guard sets[set.text] != nil else {
      report(.unknownSet(set, isSource: sources[set.text] != nil, near: near(set.text, sets.keys)))
      return nil
    }
    guard let known = checkSet(set.text, askedAt: set.range) else { return nil }
    index.refer(set.range, to: known.symbol)
    guard let found = known.features[name.text], let meaning = known.meaning else {
      if known.isBroken {
        // Whoever leans on what was refused is refused without a word, and so is whoever leans on that.
        if let reader = underway.last { sets[reader]?.isBroken = true }
        return nil
      }
      let windows = known.features.keys.filter { $0.hasPrefix(name.text + "_") }.sorted()
      report(
        .unknownFeature(
          name, of: set.text, near: near(name.text, known.features.keys), windows: windows))
      return nil
    }
    index.refer(name.range, to: found.symbol)
    return (meaning.features[found.position], found.label)
  }

  // MARK: Operators

  private mutating func unary(
    _ sign: ExpressionSyntax.UnaryOperator, _ operand: ExpressionSyntax, _ scope: inout Scope
  ) -> Expression? {
    switch sign {
    case .not:
      guard let operand = condition(operand, &scope, "not") else { return nil }
      return .call(.not, [operand], .bool, canBeNull: operand.canBeNull)
    case .minus:
      if case .int(let value) = operand.kind { return .literal(.int(-value), .int) }
      guard let value = expression(operand, &scope) else { return nil }
      if case .literal(.double(let number)) = value.kind {
        return .literal(.double(-number), .double)
      }
      guard value.type.isNumber else {
        report(.wrongOperand(operand.range, value.type, "-", "a number"))
        return nil
      }
      return .call(.negate, [value], value.type, canBeNull: value.canBeNull || value.type == .int)
    }
  }

  private mutating func chain(
    _ sign: ExpressionSyntax.LogicalOperator, _ operands: [ExpressionSyntax], _ scope: inout Scope
  ) -> Expression? {
    var values: [Expression] = []
    for operand in operands {
      if let value = condition(operand, &scope, sign.rawValue) { values.append(value) }
    }
    guard values.count == operands.count else { return nil }
    return .call(
      sign == .and ? .and : .or, values, .bool, canBeNull: values.contains(where: \.canBeNull))
  }

  private mutating func binary(
    _ sign: ExpressionSyntax.BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax,
    _ place: TextRange, _ scope: inout Scope
  ) -> Expression? {
    if case .length(let length) = right.kind { return shifted(left, sign, length, place, &scope) }
    if sign.isComparison {
      for (side, other) in [(left, right), (right, left)] {
        if case .null = side.kind {
          report(
            .nullComparison(left.range.through(right.range), files.text(in: other.range), sign))
          return nil
        }
      }
      guard let pair = alike([left, right], &scope, at: place) else { return nil }
      guard pair[0].type.hasOrder || sign == .equal || sign == .notEqual else {
        report(.notOrdered(place, pair[0].type, left.range))
        return nil
      }
      return .call(sign.operation, pair, .bool, canBeNull: pair.contains(where: \.canBeNull))
    }
    let values = (expression(left, &scope), expression(right, &scope))
    guard let one = values.0, let other = values.1 else { return nil }
    let canBeNull = one.canBeNull || other.canBeNull
    if sign == .concatenate {
      for (value, side) in [(one, left), (other, right)] where value.type != .string {
        report(
          .wrongOperand(side.range, value.type, "||", "a string").help("`string(…)` makes one"))
        return nil
      }
      return .call(.concatenate, [one, other], .string, canBeNull: canBeNull)
    }
    for (value, side) in [(one, left), (other, right)] where !value.type.isNumber {
      report(arithmeticFinding(value.type, side.range, sign))
      return nil
    }
    if sign == .divide || sign == .remainder, other.isZero { report(.divisionByZero(right.range)) }
    let isInt = one.type == .int && other.type == .int && sign != .divide
    return .call(
      sign.operation, [one, other], isInt ? .int : .double,
      canBeNull: canBeNull || isInt || sign == .divide || sign == .remainder)
  }

  private func arithmeticFinding(
    _ type: ColumnType, _ range: TextRange, _ sign: ExpressionSyntax.BinaryOperator
  ) -> Diagnostic {
    let finding = Diagnostic.wrongOperand(range, type, sign.rawValue, "a number")
    switch (type, sign) {
    case (.string, .add): return finding.help("strings are joined with `||`")
    case (.time, .subtract):
      return finding.help("`seconds_between(from, to)` or `days_between(from, to)`")
    case (.bool, _): return finding.help("`if … then 1 else 0` makes a number of a bool")
    case (.string, _):
      return finding.help("`double(…, null)` reads a number, and gives null where there is none")
    default: return finding
    }
  }

  /// A time, so much later or earlier.
  private mutating func shifted(
    _ left: ExpressionSyntax, _ sign: ExpressionSyntax.BinaryOperator, _ length: Quantity,
    _ place: TextRange, _ scope: inout Scope
  ) -> Expression? {
    guard let value = expression(left, &scope), let amount = length.amount else { return nil }
    guard value.type == .time, sign == .add || sign == .subtract else {
      report(.strayLength(length.range))
      return nil
    }
    return .call(
      sign == .add ? .addLength : .subtractLength, [value, .literal(.int(amount), .int)], .time,
      canBeNull: true)
  }

  private mutating func isNull(
    _ operand: ExpressionSyntax, _ isNegated: Bool, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    guard let value = expression(operand, &scope) else { return nil }
    if !value.canBeNull { report(.neverNull(range, files.text(in: operand.range), isNegated)) }
    let test = Expression.call(.isNull, [value], .bool, canBeNull: false)
    return isNegated ? .call(.not, [test], .bool, canBeNull: false) : test
  }

  private mutating func membership(
    _ operation: Operation, _ parts: [ExpressionSyntax], _ isNegated: Bool, _ scope: inout Scope
  ) -> Expression? {
    guard parts.count > 1 else {
      report(.emptyList(parts[0].range))
      return nil
    }
    guard let values = alike(parts, &scope) else { return nil }
    if operation == .isBetween, !values[0].type.hasOrder {
      report(.notOrdered(parts[0].range, values[0].type, parts[0].range))
      return nil
    }
    let canBeNull = values.contains(where: \.canBeNull)
    let test = Expression.call(operation, values, .bool, canBeNull: canBeNull)
    return isNegated ? .call(.not, [test], .bool, canBeNull: canBeNull) : test
  }

  private mutating func list(
    _ elements: [ExpressionSyntax], _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    guard !elements.isEmpty else {
      report(.emptyList(range))
      return nil
    }
    guard let values = alike(elements, &scope) else { return nil }
    if case .list = values[0].type {
      report(.nestedList(range, values[0].type))
      return nil
    }
    return .call(.list, values, .list(values[0].type), canBeNull: false)
  }

  // MARK: Types that must agree

  /// The values of `parts`, brought to one type: nulls take the others' type, ints become doubles
  /// beside doubles.
  mutating func alike(
    _ parts: [ExpressionSyntax], _ scope: inout Scope, at place: TextRange? = nil
  ) -> [Expression]? {
    var values: [Expression] = []
    for part in parts {
      if let value = expression(part, &scope) { values.append(value) }
    }
    guard values.count == parts.count else { return nil }
    guard let first = values.firstIndex(where: { !$0.isNullLiteral }) else { return values }
    var type = values[first].type
    for (value, part) in zip(values, parts) where !value.isNullLiteral && value.type != type {
      guard value.type.isNumber, type.isNumber else {
        report(
          .unlike(
            part.range, value.type, files.text(in: part.range), parts[first].range, type, at: place)
        )
        return nil
      }
      type = .double
    }
    return values.map {
      $0.isNullLiteral || $0.isIntLiteral && type == .double ? $0.cast(to: type) : $0
    }
  }
}

extension Expression {
  static let null = Expression(kind: .literal(.null), type: .bool, canBeNull: true)

  static func literal(_ value: Value, _ type: ColumnType) -> Expression {
    Expression(kind: .literal(value), type: type, canBeNull: false)
  }

  static func call(
    _ operation: Operation, _ operands: [Expression], _ type: ColumnType, canBeNull: Bool
  ) -> Expression {
    Expression(kind: .call(operation, operands), type: type, canBeNull: canBeNull)
  }

  var isNullLiteral: Bool { kind == .literal(.null) }

  var isIntLiteral: Bool { if case .literal(.int) = kind { true } else { false } }

  /// Whether it is the number 0, written out.
  var isZero: Bool { kind == .literal(.int(0)) || kind == .literal(.double(0)) }

  /// A null or an int that is written out, as one of `type`; whatever is worked out keeps its own, and
  /// is converted where it is taken.
  func cast(to type: ColumnType) -> Expression {
    switch kind {
    case .literal(.int(let value)) where type == .double:
      .literal(.double(Double(value)), .double)
    case .literal(.null): Expression(kind: kind, type: type, canBeNull: canBeNull)
    default: self
    }
  }
}

extension ColumnType {
  var isNumber: Bool { self == .int || self == .double }

  /// Whether one value of it may be less than another.
  var hasOrder: Bool {
    switch self {
    case .int, .double, .string, .time: true
    default: false
    }
  }

  var isScalar: Bool {
    switch self {
    case .list, .vector: false
    default: true
    }
  }
}

extension Double {
  /// Whether a whole number written as a double is that number.
  fileprivate func isExact(asWritten written: String) -> Bool {
    guard abs(self) >= 9_007_199_254_740_992, !written.contains("e"), !written.contains("E") else {
      return true
    }
    let digits = written.filter { $0 != "_" }.split(separator: ".")
    guard digits.count == 2, digits[1].allSatisfy({ $0 == "0" }), let whole = Int128(digits[0])
    else { return true }
    return Int128(exactly: self) == whole
  }
}

extension ExpressionSyntax.BinaryOperator {
  var operation: Operation {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .concatenate: .concatenate
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .remainder: .remainder
    }
  }
}
