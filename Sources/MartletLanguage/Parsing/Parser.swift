public import MartletDiagnostics

/// Reads tokens into a tree. It never fails and never looks back further than a token: what it
/// cannot read becomes a finding and a `broken` part, and reading goes on with the next line.
///
/// Nesting is bounded (`depthLimit`), so that neither this parser nor anyone who walks its trees can
/// run out of stack.
struct Parser {
  let file: TextFile
  private let number: UInt32
  private var tokens: [Token]
  private let comments: [Comment]
  private(set) var findings: [Diagnostic]

  private var position = 0
  private var nextComment = 0

  /// How many parentheses and brackets are open: inside them a line's end means nothing.
  var openCount = 0

  /// How many expressions are being read inside each other.
  var depth = 0

  /// How many of them are SQL's `case … end`.
  var caseCount = 0

  /// The most expressions inside each other.
  static let depthLimit = 200

  /// The most findings of one file; what has more is not a file of definitions.
  static let findingLimit = 100

  init(_ file: TextFile, number: UInt32) {
    let lexer = Lexer(file, number: number)
    self.file = file
    self.number = number
    tokens = lexer.tokens
    comments = lexer.comments
    findings = lexer.findings
  }
}

/// Reads one file.
public func parse(_ file: TextFile, number: UInt32) -> Checked<SyntaxTree> {
  var parser = Parser(file, number: number)
  let tree = parser.tree(number)
  var findings = parser.findings.inFileOrder()
  if findings.count > Parser.findingLimit {
    findings.removeSubrange(Parser.findingLimit...)
    findings.append(.tooManyFindings(in: file, number: number))
  }
  return Checked(tree, findings: findings)
}

// MARK: Tokens

extension Parser {
  /// The place of the token to be read next.
  private var next: Int {
    var index = position
    if openCount > 0 {
      while tokens[index].kind == .newline, !endsOpenExpression(index) { index += 1 }
    }
    return index
  }

  /// The token to be read next.
  var token: Token { tokens[next] }

  /// The token behind the next one.
  var following: Token { token(ahead: 1) }

  /// The token so many behind the next one.
  func token(ahead count: Int) -> Token { tokens[min(next + count, tokens.count - 1)] }

  /// Has the token so many behind the next one be of another kind from now on.
  mutating func retype(ahead count: Int = 0, as kind: Token.Kind) {
    tokens[min(next + count, tokens.count - 1)].kind = kind
  }

  /// Whether the line after the newline at `index` begins something that no expression contains, so
  /// that a parenthesis left open cannot swallow the rest of the file.
  private func endsOpenExpression(_ index: Int) -> Bool {
    guard index + 2 < tokens.count else { return true }
    let (first, second) = (tokens[index + 1], tokens[index + 2])
    switch (first.kind, second.kind) {
    case (.end, _), (.closeBrace, _): return true
    case (.word, let kind) where kind != .equals && goesOnForeign(first): return false
    case (.word, .equals), (.quotedWord, .equals): return true
    case (.word, .word), (.word, .string), (.word, .quantity): return true
    default: return false
    }
  }

  /// Steps over the next token and returns it.
  @discardableResult
  mutating func advance() -> Token {
    if openCount > 0 {
      while tokens[position].kind == .newline, !endsOpenExpression(position) { position += 1 }
    }
    let token = tokens[position]
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  /// Steps over the next token if it is of `kind`.
  mutating func skip(_ kind: Token.Kind) -> TextRange? {
    guard token.kind == kind else { return nil }
    return range(advance())
  }

  /// Steps over the next token if it is the word `word`.
  mutating func skip(word: StaticString) -> TextRange? {
    guard isNext(word: word) else { return nil }
    return range(advance())
  }

  func isNext(word: StaticString) -> Bool { token.kind == .word && has(token, word) }

  func has(_ token: Token, _ word: StaticString) -> Bool {
    let bytes = file.bytes[Int(token.start)..<Int(token.end)]
    return bytes.elementsEqual(
      UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  func text(_ token: Token) -> String {
    String(decoding: file.bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  func range(_ token: Token) -> TextRange {
    TextRange(file: number, start: token.start, end: token.end)
  }

  /// Where the next token stands.
  var here: TextRange { range(token) }

  /// Where the last token that was read ends.
  var behind: TextRange {
    var index = max(0, position - 1)
    while index > 0, tokens[index].kind == .newline { index -= 1 }
    return range(tokens[index]).after
  }

  /// Steps over an operator's line end: a line that ends with an operator goes on.
  mutating func continueLine() {
    while tokens[position].kind == .newline, !endsOpenExpression(position) { position += 1 }
  }

  /// Goes to the end of the line, past nothing that closes the block.
  mutating func skipLine() {
    openCount = 0
    while ![.newline, .end, .closeBrace].contains(token.kind) { advance() }
  }

  /// Steps over the ends of lines.
  mutating func skipNewlines() {
    while token.kind == .newline { advance() }
  }

  mutating func report(_ finding: Diagnostic) { findings.append(finding) }

  /// Says that something else belongs here, unless the lexer has already spoken about this token.
  mutating func reportExpected(_ what: String, help: String? = nil) {
    guard token.kind != .bad else { return }
    report(.expected(what, at: here, found: token.kind, behind: behind).help(help))
  }
}

// MARK: Comments

extension Parser {
  /// The comments before the next token and whether a blank line precedes them.
  mutating func surroundingsBefore() -> Surroundings {
    var result = Surroundings()
    while nextComment < comments.count, comments[nextComment].range.start < token.start {
      result.before.append(comments[nextComment])
      nextComment += 1
    }
    result.isAfterBlankLine =
      result.before.first?.isAfterBlankLine ?? token.isAfterBlankLine
    if let last = result.before.last, !last.hasOwnLine, result.before.count == 1 {
      result.isAfterBlankLine = last.isAfterBlankLine
    }
    return result
  }

  /// The comments that were passed since, and the one beside what has just been read.
  mutating func finish(_ surroundings: inout Surroundings) {
    let end = behind.end
    while nextComment < comments.count, comments[nextComment].range.start < end {
      surroundings.before.append(comments[nextComment])
      nextComment += 1
    }
    surroundings.beside = commentBeside()
  }

  /// The comment on the rest of the line.
  mutating func commentBeside() -> Comment? {
    guard nextComment < comments.count, !comments[nextComment].hasOwnLine,
      comments[nextComment].range.start <= token.start || token.kind == .newline
    else { return nil }
    let comment = comments[nextComment]
    guard file.line(at: Int(comment.range.start)) == file.line(at: max(0, Int(behind.end) - 1))
    else { return nil }
    nextComment += 1
    return comment
  }

  /// The comments before the next token.
  mutating func commentsBefore() -> [Comment] { surroundingsBefore().before }
}

// MARK: Names and literals

extension Parser {
  /// Reads a name, or says that `what` belongs here.
  mutating func name(_ what: String) -> Name? {
    switch token.kind {
    case .word:
      let token = advance()
      return Name(text: text(token), range: range(token))
    case .quotedWord:
      let token = advance()
      return Name(text: String(text(token).dropFirst().dropLast()), range: range(token))
    default:
      reportExpected(what)
      return nil
    }
  }

  /// Reads names with commas between them, with or without parentheses around.
  mutating func names(_ what: String) -> [Name] {
    let opening = skip(.openParenthesis)
    var names: [Name] = []
    repeat {
      guard let name = name(what) else { break }
      names.append(name)
    } while skip(.comma) != nil
    if opening != nil, skip(.closeParenthesis) == nil { reportExpected("`)`") }
    return names
  }

  /// Reads a text between quotes, or says that `what` belongs here.
  mutating func textLiteral(_ what: String, help: String? = nil) -> TextLiteral? {
    guard token.kind == .string else {
      reportExpected(what, help: help)
      return nil
    }
    let token = advance()
    return TextLiteral(text: unescaped(token), range: range(token))
  }

  /// The text of a string token, its escapes undone.
  mutating func unescaped(_ token: Token) -> String {
    let inner = file.bytes[Int(token.start) + 1..<Int(token.end) - 1]
    guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
    var bytes: [UInt8] = []
    var rest = inner
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch letter {
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(letter)
      default:
        let start = UInt32(rest.startIndex - 2)
        report(.badEscape(TextRange(file: number, start: start, end: start + 2)))
        bytes.append(letter)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads a length of time, or says that `what` belongs here.
  mutating func length(_ what: String) -> Quantity? {
    if let length = foreignLength() { return length }
    guard [.quantity, .int].contains(token.kind) else {
      reportExpected(what)
      return nil
    }
    return quantity(.microseconds, advance())
  }

  /// The amount that `token` writes in a unit of `measure`.
  mutating func quantity(_ measure: Quantity.Measure, _ token: Token) -> Quantity {
    let written = text(token)
    var result = Quantity(written: written, amount: nil, range: range(token))
    switch measure.read(written) {
    case .success(let amount): result.amount = amount
    case .failure(let misreading): report(misreading.diagnostic(result.range, written))
    }
    return result
  }
}
