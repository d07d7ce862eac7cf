import MartletDiagnostics

// Precedence climbing: `expression(at: p)` reads everything that holds at least as tightly as `p`.

extension Parser {
  /// Reads an expression, or says that one belongs here and returns a broken one.
  mutating func expression() -> ExpressionSyntax { expression(at: .choice) }

  mutating func expression(at precedence: Precedence) -> ExpressionSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.depthLimit else {
      report(.tooDeep(here))
      skipLine()
      return ExpressionSyntax(kind: .broken, range: here.clipped(to: 0), height: 1)
    }
    continueLineInside()
    takeForeignPrefix()
    if token.kind == .if { return choice() }
    var left = signed(at: precedence) ?? primary()
    while !left.isBroken, let next = extended(left, at: precedence) { left = next }
    return left
  }

  /// What `not` or a minus stands before; `nil` where neither does.
  private mutating func signed(at precedence: Precedence) -> ExpressionSyntax? {
    let isNot = token.kind == .not && precedence <= .not
    guard isNot || token.kind == .minus else { return nil }
    let sign = range(advance())
    let operand = expression(at: isNot ? .not : .sign)
    if operand.isBroken { return operand }
    return make(
      .unary(isNot ? .not : .minus, operand), sign.through(operand.range), over: [operand])
  }

  private mutating func continueLineInside() {
    if openCount > 0 { continueLine() }
  }

  /// `left` with the operator that follows it and that operator's right side, where it holds at
  /// least as tightly as `precedence`.
  private mutating func extended(
    _ left: ExpressionSyntax, at precedence: Precedence
  ) -> ExpressionSyntax? {
    takeForeignWord()
    if token.kind == .not { takeForeignWord(ahead: 1) }
    switch token.kind {
    case .or where precedence <= .or && !isReaction(following):
      return chain(.or, of: .or, from: left)
    case .and where precedence <= .and: return chain(.and, of: .and, from: left)
    case .is where precedence <= .comparison: return isNull(left)
    case .in where precedence <= .comparison:
      advance()
      return isIn(left, isNegated: false)
    case .between where precedence <= .comparison:
      advance()
      return isBetween(left, isNegated: false)
    case .not where precedence <= .comparison && following.kind == .in:
      advance()
      advance()
      return isIn(left, isNegated: true)
    case .not where precedence <= .comparison && following.kind == .between:
      advance()
      advance()
      return isBetween(left, isNegated: true)
    case .equals where precedence <= .comparison:
      report(.singleEquals(here))
      return binary(.equal, left)
    case .word where precedence <= .comparison && isNext(foreign: "like"):
      return foreignLike(left)
    default:
      guard let sign = ExpressionSyntax.BinaryOperator(token.kind), precedence <= sign.precedence
      else { return nil }
      return binary(sign, left)
    }
  }

  /// Whether `token` is what follows `or` at the end of an expectation.
  private func isReaction(_ token: Token) -> Bool {
    token.kind == .word && Statement.Reaction(rawValue: text(token)) != nil
  }

  private mutating func binary(
    _ sign: ExpressionSyntax.BinaryOperator, _ left: ExpressionSyntax
  ) -> ExpressionSyntax {
    let range = range(advance())
    continueLine()
    let right = expression(at: sign.precedence.tighter)
    if right.isBroken { return right }
    if sign.isComparison, let next = ExpressionSyntax.BinaryOperator(token.kind), next.isComparison
    {
      report(.chainedComparison(left.range.through(right.range), file.text(in: right.range)))
      skipLine()
      return ExpressionSyntax(kind: .broken, range: left.range, height: 1)
    }
    return make(
      .binary(sign, left, right, sign: range), left.range.through(right.range), over: [left, right])
  }

  private mutating func chain(
    _ sign: ExpressionSyntax.LogicalOperator, of kind: Token.Kind, from left: ExpressionSyntax
  ) -> ExpressionSyntax {
    var operands = [left]
    while token.kind == kind, kind != .or || !isReaction(following) {
      advance()
      continueLine()
      let operand = expression(at: kind == .or ? .and : .not)
      if operand.isBroken { return operand }
      operands.append(operand)
    }
    let range = left.range.through(operands[operands.count - 1].range)
    return make(.chain(sign, operands), range, over: operands)
  }

  private mutating func isNull(_ operand: ExpressionSyntax) -> ExpressionSyntax {
    advance()
    takeForeignWord()
    let isNegated = skip(.not) != nil
    takeForeignWord()
    guard let null = skip(.null) else {
      reportExpected("`null`", help: "compare with `==`; `is` only asks for null")
      return broken()
    }
    return make(
      .isNull(operand, isNegated: isNegated), operand.range.through(null), over: [operand])
  }

  private mutating func isIn(_ operand: ExpressionSyntax, isNegated: Bool) -> ExpressionSyntax {
    guard let opening = skip(.openParenthesis) else {
      reportExpected("the values in parentheses", help: "`in (1, 2, 3)`")
      return broken()
    }
    guard let (values, range) = list(until: .closeParenthesis, opening: opening, sign: "(") else {
      return broken()
    }
    return make(
      .isIn(operand, values, isNegated: isNegated), operand.range.through(range),
      over: values + [operand])
  }

  private mutating func isBetween(_ operand: ExpressionSyntax, isNegated: Bool) -> ExpressionSyntax
  {
    let low = expression(at: .concatenation)
    if low.isBroken { return low }
    guard skip(.and) != nil else {
      reportExpected("`and` and the upper bound", help: "`between 1 and 5`")
      return broken()
    }
    let high = expression(at: .concatenation)
    if high.isBroken { return high }
    return make(
      .isBetween(operand, low, high, isNegated: isNegated), operand.range.through(high.range),
      over: [operand, low, high])
  }

  private mutating func choice() -> ExpressionSyntax {
    let start = range(advance())
    let condition = expression()
    if condition.isBroken { return condition }
    continueLineInside()
    guard skip(.then) != nil else {
      reportExpected("`then`", help: "`if … then … else …`")
      return broken()
    }
    let first = expression()
    if first.isBroken { return first }
    guard skip(.else) != nil else {
      reportExpected("`else`", help: "every `if` has an `else`; `else null` says nothing is known")
      return broken()
    }
    let second = expression()
    if second.isBroken { return second }
    return make(
      .choice(condition, then: first, else: second), start.through(second.range),
      over: [condition, first, second])
  }

  // MARK: What stands by itself

  private mutating func primary() -> ExpressionSyntax {
    let start = here
    switch token.kind {
    case .null: return leaf(.null)
    case .true: return leaf(.bool(true))
    case .false: return leaf(.bool(false))
    case .int: return int()
    case .double: return double()
    case .quantity:
      let token = advance()
      return make(.length(quantity(.microseconds, token)), range(token), over: [])
    case .string:
      let token = advance()
      return make(.string(unescaped(token)), range(token), over: [])
    case .openParenthesis: return parenthesized()
    case .openBracket:
      advance()
      guard let (values, range) = list(until: .closeBracket, opening: start, sign: "[") else {
        return broken()
      }
      return make(.list(values), range, over: values)
    case .word where isForeignCase: return foreignCase()
    case .word, .quotedWord: return named()
    default:
      reportExpected("an expression")
      return broken()
    }
  }

  private mutating func leaf(_ kind: ExpressionSyntax.Kind) -> ExpressionSyntax {
    make(kind, range(advance()), over: [])
  }

  private mutating func int() -> ExpressionSyntax {
    let token = advance()
    let digits = text(token).filter { $0 != "_" }
    guard let value = Int64(digits) else {
      report(.numberTooBig(range(token), digits))
      return make(.int(0), range(token), over: [])
    }
    return make(.int(value), range(token), over: [])
  }

  private mutating func double() -> ExpressionSyntax {
    let token = advance()
    let written = text(token)
    let digits = written.filter { $0 != "_" }
    guard digits.utf8.count <= 400, let value = Double(digits), value.isFinite else {
      report(.numberTooBig(range(token), digits))
      return make(.double(0, written: "0.0"), range(token), over: [])
    }
    return make(.double(value, written: written), range(token), over: [])
  }

  private mutating func parenthesized() -> ExpressionSyntax {
    let opening = range(advance())
    openCount += 1
    let inner = expression()
    if inner.isBroken { return inner }
    guard token.kind == .closeParenthesis else {
      return reportUnclosed("(", opening)
    }
    let closing = here
    advance()
    openCount = max(0, openCount - 1)
    return make(.parenthesized(inner), opening.through(closing), over: [inner])
  }

  private mutating func named() -> ExpressionSyntax {
    guard let name = name("a name") else { return broken() }
    if skip(.dot) != nil {
      guard let member = memberName(of: name) else { return broken() }
      return make(.member(name, member), name.range.through(member.range), over: [])
    }
    guard token.kind == .openParenthesis else { return make(.name(name), name.range, over: []) }
    return call(name)
  }

  private mutating func memberName(of set: Name) -> Name? { name("a feature of `\(set.text)`") }

  private mutating func call(_ function: Name) -> ExpressionSyntax {
    let opening = range(advance())
    openCount += 1
    var call = CallSyntax(function: function, arguments: [], filter: nil)
    takeForeignArguments(of: &call)
    while token.kind != .closeParenthesis {
      if skip(.where) != nil {
        let filter = expression()
        if filter.isBroken { return filter }
        call.filter = filter
        // Further arguments may follow the condition: `approx_quantile(x where y, 0.5)`.
      } else {
        let argument = expression()
        if argument.isBroken { return argument }
        call.arguments.append(argument)
        takeForeignCast(of: &call)
        if token.kind == .where { continue }
      }
      if skip(.comma) == nil { break }
    }
    guard token.kind == .closeParenthesis else { return reportUnclosed("(", opening) }
    let closing = here
    advance()
    openCount = max(0, openCount - 1)
    let inside = call.arguments + (call.filter.map { [$0] } ?? [])
    return make(.call(call), function.range.through(closing), over: inside)
  }

  private mutating func list(
    until closing: Token.Kind, opening: TextRange, sign: String
  ) -> ([ExpressionSyntax], TextRange)? {
    openCount += 1
    var values: [ExpressionSyntax] = []
    while token.kind != closing {
      let value = expression()
      if value.isBroken { return nil }
      values.append(value)
      if skip(.comma) == nil { break }
    }
    guard token.kind == closing else {
      _ = reportUnclosed(sign, opening)
      return nil
    }
    let end = here
    advance()
    openCount = max(0, openCount - 1)
    return (values, opening.through(end))
  }

  // MARK: Making

  mutating func make(
    _ kind: ExpressionSyntax.Kind, _ range: TextRange, over parts: [ExpressionSyntax]
  ) -> ExpressionSyntax {
    let height = 1 + (parts.lazy.map(\.height).max() ?? 0)
    guard height <= Parser.depthLimit else {
      report(.tooDeep(range.clipped(to: 1)))
      skipLine()
      return ExpressionSyntax(kind: .broken, range: range.clipped(to: 1), height: 1)
    }
    return ExpressionSyntax(kind: kind, range: range, height: height)
  }

  mutating func broken() -> ExpressionSyntax {
    let range = here
    skipLine()
    return ExpressionSyntax(kind: .broken, range: range, height: 1)
  }

  private mutating func reportUnclosed(_ sign: String, _ opening: TextRange) -> ExpressionSyntax {
    if token.kind != .bad { report(.unclosed(sign, opening: opening, at: behind)) }
    return broken()
  }
}

extension ExpressionSyntax {
  /// Whether it could not be read.
  var isBroken: Bool { if case .broken = kind { true } else { false } }
}

extension ExpressionSyntax.BinaryOperator {
  fileprivate init?(_ kind: Token.Kind) {
    switch kind {
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessEqual: self = .lessEqual
    case .greater: self = .greater
    case .greaterEqual: self = .greaterEqual
    case .concatenate: self = .concatenate
    case .plus: self = .add
    case .minus: self = .subtract
    case .star: self = .multiply
    case .slash: self = .divide
    case .percent: self = .remainder
    default: return nil
    }
  }
}
