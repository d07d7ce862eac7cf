import MartletDiagnostics

extension Parser {
  /// Reads the whole file.
  mutating func tree(_ number: UInt32) -> SyntaxTree {
    var tree = SyntaxTree(file: number, declarations: [], closingComments: [])
    skipNewlines()
    while token.kind != .end, findings.count <= Parser.findingLimit {
      let surroundings = surroundingsBefore()
      if let kind = declarationKind() {
        tree.declarations.append(declaration(kind, surroundings))
      } else {
        reportStray()
      }
      skipNewlines()
    }
    tree.closingComments = commentsBefore()
    return tree
  }

  /// Which declaration the next word begins.
  private func declarationKind() -> Declaration.Kind? {
    token.kind == .word ? Declaration.Kind(rawValue: text(token)) : nil
  }

  /// Whether the next line begins a declaration, also where a statement was awaited: `features x of`
  /// cannot be a statement, while `service = …` can.
  private var isAtDeclaration: Bool {
    guard let kind = declarationKind() else { return false }
    switch following.kind {
    case .word, .quotedWord: return kind != .project
    case .openBrace: return kind == .project
    default: return false
    }
  }

  /// Says that the next line belongs nowhere, and passes it.
  private mutating func reportStray() {
    if token.kind == .closeBrace {
      report(.strayBrace(here))
      advance()
      return
    }
    let kinds = Declaration.Kind.allCases.map(\.rawValue)
    if token.kind == .word {
      report(
        .unknownDeclaration(text(token), at: here, near: nearName(to: text(token), among: kinds)))
    } else {
      reportExpected("a declaration", help: "a file consists of \(kinds.spokenList)")
    }
    // What follows in braces belongs to the word that was not understood.
    var braces = 0
    while token.kind != .end {
      if braces == 0, token.kind == .newline { return }
      if braces > 0, token.kind == .newline {
        advance()
        if isAtDeclaration { return }
        continue
      }
      if token.kind == .openBrace { braces += 1 }
      if token.kind == .closeBrace {
        if braces <= 1 {
          advance()
          return
        }
        braces -= 1
      }
      advance()
    }
  }

  private mutating func declaration(
    _ kind: Declaration.Kind, _ before: Surroundings
  ) -> Declaration {
    let keyword = range(advance())
    var result = Declaration(
      kind: kind, name: nil, head: Declaration.Head(), body: nil, keyword: keyword,
      range: keyword, surroundings: before)
    if kind != .project { result.name = name("the name of the \(kind.spoken)") }
    if kind == .entity { parameters(of: &result.head, "the keys of the entity in parentheses") }
    if kind == .features { featuresHead(&result.head) }
    if kind == .entity, token.kind != .openBrace {
      endLine("the end of the line, or `{`")
      finish(&result.surroundings)
    } else {
      result.body = body(of: result)
      finish(&result.surroundings)
    }
    result.range = keyword.through(behind)
    return result
  }

  /// `of entity from source by columns given (values)`.
  private mutating func featuresHead(_ head: inout Declaration.Head) {
    if skip(word: "of") != nil { head.entity = name("an entity") }
    if skip(word: "from") != nil {
      head.source = name("a source")
      if skip(word: "by") != nil { head.keyColumns = names("a column") }
    }
    if skip(word: "given") != nil { parameters(of: &head, "the caller's values in parentheses") }
  }

  private mutating func parameters(of head: inout Declaration.Head, _ what: String) {
    guard let opening = skip(.openParenthesis) else {
      return reportExpected(what, help: "write them as `(name: type)`")
    }
    openCount += 1
    defer { openCount = max(0, openCount - 1) }
    while token.kind != .closeParenthesis {
      guard let name = name("a name") else { return skipLine() }
      guard skip(.colon) != nil else {
        reportExpected("`:` and a type", help: "`\(name.text): string`")
        return skipLine()
      }
      guard let type = type() else { return skipLine() }
      head.parameters.append(Parameter(name: name, type: type))
      if skip(.comma) == nil { break }
    }
    guard let closing = skip(.closeParenthesis) else {
      report(.unclosed("(", opening: opening, at: behind))
      return
    }
    head.parametersRange = opening.through(closing)
  }

  /// Reads a type, or says that one belongs here.
  mutating func type() -> TypeSyntax? {
    var lists: [TextRange] = []
    while isNext(word: "list"), has(following, "of") {
      lists.append(range(advance()))
      advance()
      guard lists.count <= Parser.depthLimit else {
        report(.tooDeep(here))
        return nil
      }
    }
    guard let name = name("a type") else { return nil }
    var type = TypeSyntax.named(name)
    if name.text == "vector", skip(.openParenthesis) != nil {
      guard token.kind == .int else {
        reportExpected("the width of the vector", help: "`vector(128)`")
        return nil
      }
      let width = Int(text(advance()).filter { $0 != "_" }) ?? Int.max
      guard let closing = skip(.closeParenthesis) else {
        reportExpected("`)`")
        return nil
      }
      type = .vector(width: width, name.range.through(closing))
    }
    for list in lists.reversed() { type = .list(type, list.through(type.range)) }
    return type
  }

  // MARK: Bodies

  private mutating func body(of declaration: Declaration) -> Declaration.Body? {
    guard let opening = skip(.openBrace) else {
      // With the line's end the brace was forgotten; without it something else stands here.
      reportExpected("`{`")
      skipLineUpToBrace()
      guard let late = skip(.openBrace) else {
        guard token.kind == .newline, !endsAtNextLine() else { return nil }
        return statements(of: declaration, opening: behind)
      }
      return statements(of: declaration, opening: late)
    }
    return statements(of: declaration, opening: opening)
  }

  private mutating func skipLineUpToBrace() {
    openCount = 0
    while ![.newline, .end, .closeBrace, .openBrace].contains(token.kind) { advance() }
  }

  private mutating func endsAtNextLine() -> Bool {
    skipNewlines()
    return token.kind == .end || isAtDeclaration || token.isAfterBlankLine
  }

  private mutating func statements(
    of declaration: Declaration, opening: TextRange
  ) -> Declaration.Body {
    var body = Declaration.Body(opening: opening)
    body.openingComment = commentBeside()
    skipNewlines()
    while token.kind != .closeBrace {
      if token.kind == .end || isAtDeclaration || findings.count > Parser.findingLimit {
        if findings.count <= Parser.findingLimit {
          report(.unclosed("{", opening: opening, at: behind, of: declaration))
        }
        return body
      }
      var surroundings = surroundingsBefore()
      let start = here
      let kind = statement(in: declaration.kind)
      endLine("the end of the line")
      let range = start.through(behind)
      finish(&surroundings)
      body.statements.append(Statement(kind: kind, range: range, surroundings: surroundings))
      skipNewlines()
    }
    body.closingComments = commentsBefore()
    advance()
    return body
  }

  /// Demands that the line ends here; what still stands on it is one finding.
  mutating func endLine(_ what: String) {
    openCount = 0
    if [.newline, .end, .closeBrace].contains(token.kind) { return }
    let isFresh = findings.last?.primary?.range.start ?? 0 < lineStart
    if isFresh || findings.isEmpty {
      if token.kind == .minus, following.kind == .minus {
        report(.foreignComment(here.through(range(following)), "--"))
      } else {
        reportExpected(what)
      }
    }
    skipLine()
  }

  /// Where the line of the last token that was read begins: one finding a line is enough.
  private var lineStart: UInt32 {
    file.lineStarts[file.line(at: max(0, Int(behind.end) - 1))]
  }
}

extension Declaration.Kind {
  /// The kind as a sentence calls one of it.
  var spoken: String {
    switch self {
    case .entity: "entity"
    case .events: "events"
    case .states: "states"
    case .features: "feature set"
    case .service: "service"
    case .hook: "hook"
    case .project: "project"
    }
  }
}

extension [String] {
  /// The words in backquotes with commas and an `and`.
  var spokenList: String {
    let quoted = map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }
}
