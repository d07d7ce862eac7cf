import MartletDiagnostics

// What hands write that know SQL. It is understood far enough to say how it is written here and to
// read on, so that one habit is one finding. Nothing that is a name here is taken from anyone: it is
// only understood where a name cannot stand.

extension Parser {
  /// Whether the next token is `word`, in whatever letters.
  func isNext(foreign word: String) -> Bool { isForeign(token, word) }

  private func isForeign(_ token: Token, _ word: String) -> Bool {
    token.kind == .word && text(token).lowercased() == word
  }

  /// Takes a word in capitals for the word that it is here, `AND` for `and`, where an operator or
  /// the next part of an expression is awaited.
  mutating func takeForeignWord(ahead count: Int = 0) {
    let token = token(ahead: count)
    guard token.kind == .word else { return }
    let word = text(token).lowercased()
    guard let kind = Token.reservedWords[word] else { return }
    // The finding about `case` writes its `THEN` and `ELSE` anew already.
    if caseCount == 0 || kind != .then && kind != .else {
      report(.foreignSpelling(range(token), instead: word))
    }
    retype(ahead: count, as: kind)
  }

  /// Takes `NOT` and `IF` for what they are here, where more of an expression follows them: two names
  /// in a row mean nothing.
  mutating func takeForeignPrefix() {
    guard token.kind == .word else { return }
    switch following.kind {
    case .word, .quotedWord, .int, .double, .string, .not, .true, .false, .null:
      if isNext(foreign: "not") || isNext(foreign: "if") { takeForeignWord() }
    case .openParenthesis: if isNext(foreign: "not") { takeForeignWord() }
    default: break
    }
  }

  /// Whether a line that begins with this word goes on with an expression of SQL.
  func goesOnForeign(_ token: Token) -> Bool {
    let word = text(token).lowercased()
    return Token.reservedWords[word] != nil || caseCount > 0 && (word == "when" || word == "end")
  }

  // MARK: Calls

  /// `count(*)` and `count(distinct page)`.
  mutating func takeForeignArguments(of call: inout CallSyntax) {
    guard call.function.text.lowercased() == "count" else { return }
    if token.kind == .star, following.kind == .closeParenthesis {
      let all = call.function.range.through(range(following))
      report(.foreignSpelling(all, instead: "count()"))
      call.function.text = "count"
      advance()
    } else if isNext(foreign: "distinct"), [.word, .quotedWord].contains(following.kind) {
      let value = text(following)
      report(
        .foreignSpelling(
          call.function.range.through(range(following)), instead: "distinct(\(value))"))
      call.function.text = "distinct"
      advance()
    }
  }

  /// `cast(value as type)`.
  mutating func takeForeignCast(of call: inout CallSyntax) {
    guard ["cast", "try_cast"].contains(call.function.text.lowercased()), call.arguments.count == 1,
      isNext(foreign: "as"), following.kind == .word
    else { return }
    advance()
    let type = Name(text: text(token), range: here)
    advance()
    let name = ForeignNames.types[type.text.lowercased()] ?? type.text.lowercased()
    let value = file.text(in: call.arguments[0].range)
    report(
      .foreignSpelling(
        call.function.range.through(type.range), instead: "\(name)(\(value))"))
    call.function.text = name
  }

  // MARK: like

  /// `page like 'home%'`, which a function says here.
  mutating func foreignLike(_ left: ExpressionSyntax) -> ExpressionSyntax {
    let sign = range(advance())
    let right = expression(at: .concatenation)
    if right.isBroken { return right }
    let value = file.text(in: left.range)
    var instead = "contains(\(value), …)"
    if case .string(let pattern) = right.kind {
      let inner = pattern.drop { $0 == "%" }
      let part = String(inner.prefix { $0 != "%" })
      switch (pattern.hasPrefix("%"), pattern.hasSuffix("%")) {
      case (false, true): instead = "starts_with(\(value), \"\(part)\")"
      case (true, false): instead = "ends_with(\(value), \"\(part)\")"
      case (true, true): instead = "contains(\(value), \"\(part)\")"
      case (false, false): instead = "\(value) == \"\(pattern)\""
      }
    }
    report(.foreignSpelling(left.range.through(right.range), instead: instead))
    return make(
      .binary(.equal, left, right, sign: sign), left.range.through(right.range),
      over: [left, right])
  }

  // MARK: case

  /// Whether SQL's `case` begins here: behind a name stands neither `when` nor another name.
  var isForeignCase: Bool {
    guard isNext(foreign: "case") else { return false }
    if following.kind == .newline { return isForeign(token(ahead: 2), "when") }
    return [.word, .quotedWord].contains(following.kind)
  }

  /// `case when a then b else c end`, which `if` says here.
  mutating func foreignCase() -> ExpressionSyntax {
    let start = range(advance())
    openCount += 1
    caseCount += 1
    defer {
      openCount = max(0, openCount - 1)
      caseCount -= 1
    }
    guard let (branches, otherwise) = foreignBranches() else {
      report(.foreignSpelling(start, instead: "if … then … else …"))
      return broken()
    }
    let whole = start.through(range(advance()))
    var written = ""
    for branch in branches {
      let condition = file.text(in: branch.condition.range)
      let tested = branch.operand.map { "\(file.text(in: $0)) == \(condition)" } ?? condition
      written += "if \(tested) then \(file.text(in: branch.value.range)) else "
    }
    written += otherwise.map { file.text(in: $0.range) } ?? "null"
    report(
      .foreignSpelling(whole, instead: written.split { $0.isWhitespace }.joined(separator: " ")))
    var result = otherwise ?? make(.null, whole, over: [])
    for branch in branches.reversed() {
      let parts = [branch.condition, branch.value, result]
      result = make(
        .choice(branch.condition, then: branch.value, else: result), whole, over: parts)
    }
    return result
  }

  private typealias Branch = (
    operand: TextRange?, condition: ExpressionSyntax, value: ExpressionSyntax
  )

  /// What stands between `case` and `end`, up to where `end` is next.
  private mutating func foreignBranches() -> ([Branch], otherwise: ExpressionSyntax?)? {
    var operand: ExpressionSyntax?
    if !isNext(foreign: "when") {
      let value = expression()
      if value.isBroken { return nil }
      operand = value
    }
    var branches: [Branch] = []
    while isNext(foreign: "when") {
      let sign = range(advance())
      var condition = expression()
      guard !condition.isBroken, skip(.then) != nil else { return nil }
      let value = expression()
      if value.isBroken { return nil }
      let place = condition.range
      if let operand {
        condition = make(
          .binary(.equal, operand, condition, sign: sign), place, over: [operand, condition])
      }
      branches.append((operand?.range, condition, value))
    }
    var otherwise: ExpressionSyntax?
    if skip(.else) != nil {
      let value = expression()
      if value.isBroken { return nil }
      otherwise = value
    }
    return branches.isEmpty || !isNext(foreign: "end") ? nil : (branches, otherwise)
  }

  // MARK: Lengths of time

  /// `hour`, `1 hour`, `7days` and `"7d"`, for which a length is awaited.
  mutating func foreignLength() -> Quantity? {
    guard let (written, tokenCount) = lengthInWords() else { return nil }
    let first = here
    var last = first
    for _ in 0..<tokenCount { last = range(advance()) }
    let range = first.through(last)
    report(.lengthInWords(range, file.text(in: range), instead: written))
    var result = Quantity(written: written, amount: nil, range: range)
    if case .success(let amount) = Quantity.Measure.microseconds.read(written) {
      result.amount = amount
    }
    return result
  }

  /// How the length that comes next is written here, if it is written in words, and its tokens.
  private func lengthInWords() -> (written: String, tokenCount: Int)? {
    let written = text(token)
    switch token.kind {
    case .word: return Parser.unit(written).map { ("1" + $0, 1) }
    case .int:
      guard following.kind == .word, let unit = Parser.unit(text(following)) else { return nil }
      return (written + unit, 2)
    case .quantity:
      let digits = written.prefix { $0.isNumber || $0 == "_" }
      return Parser.unit(String(written[digits.endIndex...])).map { (digits + $0, 1) }
    case .string:
      let inner = String(written.dropFirst().dropLast())
      guard case .success = Quantity.Measure.microseconds.read(inner) else { return nil }
      return (inner, 1)
    default: return nil
    }
  }

  /// The sign of a unit that is written as a word.
  private static func unit(_ word: String) -> String? {
    let word = word.lowercased()
    return units[word] ?? (word.hasSuffix("s") ? units[String(word.dropLast())] : nil)
  }

  private static let units = [
    "microsecond": "us", "millisecond": "ms", "second": "s", "sec": "s", "minute": "m", "min": "m",
    "hour": "h", "hr": "h", "hourly": "h", "day": "d", "daily": "d", "week": "w", "weekly": "w",
    "year": "y", "yearly": "y",
  ]
}

extension Diagnostic {
  static func lengthInWords(
    _ range: TextRange, _ written: String, instead: String
  ) -> Diagnostic {
    .error("bad-length", "`\(written.shortened)` is not a length of time")
      .pointing(at: range, "a whole number and a unit, or several")
      .help("`\(instead)`")
  }
}
