import MartletDiagnostics

/// Cuts a file into tokens. It never fails: what it cannot read becomes a finding and a `bad` token.
struct Lexer {
  let file: TextFile
  let number: UInt32

  private(set) var tokens: [Token] = []
  private(set) var comments: [Comment] = []
  private(set) var findings: [Diagnostic] = []

  private var offset = 0
  private var lineEnds = 2  // the start of a file is like the line after a blank one
  private var isLineEmpty = true

  /// Whether a `*/` may still follow: a file that opens comments and closes none is looked through once.
  private var mayCloseComment = true

  /// The most bytes of a file that are read.
  static let byteLimit = 64 << 20

  init(_ file: TextFile, number: UInt32) {
    self.file = file
    self.number = number
    guard file.bytes.count <= Lexer.byteLimit else {
      findings.append(.fileTooBig(range(0, 0), byteCount: file.bytes.count))
      tokens.append(Token(kind: .end, start: 0, end: 0))
      return
    }
    tokens.reserveCapacity(file.bytes.count / 4)
    if let bad = file.bytes.firstInvalidUTF8 { findings.append(.invalidUTF8(range(bad, bad + 1))) }
    file.bytes.withUnsafeBufferPointer { bytes in
      while offset < bytes.count { next(bytes) }
    }
    endLine()
    append(.end, from: offset)
  }

  private func range(_ start: Int, _ end: Int) -> TextRange {
    TextRange(file: number, start: UInt32(start), end: UInt32(end))
  }

  private mutating func append(_ kind: Token.Kind, from start: Int) {
    tokens.append(
      Token(
        kind: kind, start: UInt32(start), end: UInt32(offset),
        isAfterBlankLine: isLineEmpty && lineEnds > 1))
    isLineEmpty = false
    lineEnds = 0
  }

  /// Ends the line of tokens; lines without any leave no token.
  private mutating func endLine() {
    if let last = tokens.last, last.kind != .newline {
      tokens.append(Token(kind: .newline, start: UInt32(offset), end: UInt32(offset)))
    }
    isLineEmpty = true
  }

  private mutating func next(_ bytes: UnsafeBufferPointer<UInt8>) {
    let start = offset
    let byte = bytes[start]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
    case UInt8(ascii: "\n"):
      endLine()
      lineEnds += 1
      offset += 1
    case UInt8(ascii: "#"): comment(bytes)
    case UInt8(ascii: "\""): string(bytes)
    case UInt8(ascii: "`"): quotedWord(bytes)
    case UInt8(ascii: "'"): singleQuoted(bytes)
    case _ where byte.isDigit: number(bytes)
    case _ where byte.startsWord:
      offset = bytes.end(from: start) { $0.continuesWord }
      let word = String(decoding: bytes[start..<offset], as: UTF8.self)
      append(Token.reservedWords[word] ?? .word, from: start)
    case 0xEF where start == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]): offset = 3
    default: sign(bytes)
    }
  }

  private mutating func comment(_ bytes: UnsafeBufferPointer<UInt8>) {
    let start = offset
    offset = bytes.end(from: start) { $0 != UInt8(ascii: "\n") }
    var end = offset
    while end > start, bytes[end - 1].isBlank { end -= 1 }
    comments.append(
      Comment(
        range: range(start, end), text: String(decoding: bytes[start..<end], as: UTF8.self),
        hasOwnLine: isLineEmpty, isAfterBlankLine: isLineEmpty && lineEnds > 1))
    lineEnds = 0
  }

  // MARK: Strings and names in backquotes

  private mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return append(.string, from: start)
      case UInt8(ascii: "\\") where offset + 1 < bytes.count: offset += 2
      default: offset += 1
      }
    }
    offset = min(offset, bytes.count)
    findings.append(.unclosedString(range(start, offset)))
    append(.bad, from: start)
  }

  private mutating func quotedWord(_ bytes: UnsafeBufferPointer<UInt8>) {
    let start = offset
    offset = bytes.end(from: start + 1) { $0 != UInt8(ascii: "`") && $0 != UInt8(ascii: "\n") }
    let isClosed = offset < bytes.count && bytes[offset] == UInt8(ascii: "`")
    if isClosed { offset += 1 }
    if !isClosed || offset == start + 2 {
      findings.append(.unclosedName(range(start, offset)))
      return append(.bad, from: start)
    }
    append(.quotedWord, from: start)
  }

  private mutating func singleQuoted(_ bytes: UnsafeBufferPointer<UInt8>) {
    let start = offset
    offset = bytes.end(from: start + 1) { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\n") }
    let isClosed = offset < bytes.count && bytes[offset] == UInt8(ascii: "'")
    if isClosed { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self).filter { $0 != "'" }
    findings.append(.foreignSpelling(range(start, offset), instead: "\"\(text)\""))
    append(isClosed ? .string : .bad, from: start)
  }

  // MARK: Numbers

  /// `12`, `1_000`, `1.5`, `2e-3`, and with a unit `7d`, `1h30m`, `512MB`.
  private mutating func number(_ bytes: UnsafeBufferPointer<UInt8>) {
    let start = offset
    let isDigit = { (byte: UInt8) in byte.isDigit || byte == UInt8(ascii: "_") }
    var kind = Token.Kind.int
    offset = bytes.end(from: start, while: isDigit)
    if bytes.has(UInt8(ascii: "."), at: offset), offset + 1 < bytes.count, bytes[offset + 1].isDigit
    {
      kind = .double
      offset = bytes.end(from: offset + 1, while: isDigit)
    }
    if bytes.has(UInt8(ascii: "e"), at: offset) || bytes.has(UInt8(ascii: "E"), at: offset) {
      var digits = offset + 1
      if bytes.has(UInt8(ascii: "-"), at: digits) || bytes.has(UInt8(ascii: "+"), at: digits) {
        digits += 1
      }
      if digits < bytes.count, bytes[digits].isDigit {
        kind = .double
        offset = bytes.end(from: digits, while: isDigit)
      }
    }
    if kind == .int, offset < bytes.count, bytes[offset].startsWord {
      kind = .quantity
      offset = bytes.end(from: offset) { $0.continuesWord }
    }
    append(kind, from: start)
  }

  // MARK: Signs

  private mutating func sign(_ bytes: UnsafeBufferPointer<UInt8>) {
    let start = offset
    let pair = offset + 1 < bytes.count ? (bytes[offset], bytes[offset + 1]) : (bytes[offset], 0)
    if foreignComment(pair, bytes) { return }
    if let kind = Lexer.pair(pair) {
      offset += 2
      if let instead = Lexer.foreignPairs.first(where: { $0.pair == pair })?.instead {
        findings.append(.foreignSpelling(range(start, offset), instead: instead))
      }
      return append(kind, from: start)
    }
    if let kind = Lexer.single(pair.0) {
      offset += 1
      if pair.0 == UInt8(ascii: "!") {
        findings.append(.foreignSpelling(range(start, offset), instead: "not"))
      }
      return append(kind, from: start)
    }
    // A run of unreadable bytes is one finding, however long it is.
    offset = bytes.end(from: start + 1) { !$0.isReadable }
    findings.append(.unexpectedCharacter(range(start, offset), file.text(in: range(start, offset))))
    append(.bad, from: start)
  }

  /// Passes a comment of another language, if one begins here. Two minuses begin one where a line
  /// does or a blank follows: `a - -b` is a calculation.
  private mutating func foreignComment(
    _ pair: (UInt8, UInt8), _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let start = offset
    switch (Unicode.Scalar(pair.0), Unicode.Scalar(pair.1)) {
    case ("-", "-"):
      let next = start + 2 < bytes.count ? bytes[start + 2] : UInt8(ascii: "\n")
      guard isLineEmpty || next.isBlank || next == UInt8(ascii: "\n") || next == pair.0 else {
        return false
      }
    case ("/", "/"): break
    case ("/", "*"):
      let closed = mayCloseComment ? bytes.end(ofCommentFrom: start + 2) : nil
      mayCloseComment = closed != nil
      offset = closed ?? bytes.end(from: start + 2) { $0 != UInt8(ascii: "\n") }
      findings.append(.foreignComment(range(start, start + 2), "/* */"))
      return true
    default: return false
    }
    offset = bytes.end(from: start) { $0 != UInt8(ascii: "\n") }
    let sign = String(decoding: [pair.0, pair.1], as: UTF8.self)
    findings.append(.foreignComment(range(start, start + 2), sign))
    return true
  }

  private static func pair(_ pair: (UInt8, UInt8)) -> Token.Kind? {
    switch (Unicode.Scalar(pair.0), Unicode.Scalar(pair.1)) {
    case ("=", "="): .equal
    case ("!", "="), ("<", ">"): .notEqual
    case ("<", "="): .lessEqual
    case (">", "="): .greaterEqual
    case ("|", "|"): .concatenate
    case ("&", "&"): .and
    default: nil
    }
  }

  private static let foreignPairs: [(pair: (UInt8, UInt8), instead: String)] = [
    ((UInt8(ascii: "<"), UInt8(ascii: ">")), "!="),
    ((UInt8(ascii: "&"), UInt8(ascii: "&")), "and"),
  ]

  fileprivate static func single(_ byte: UInt8) -> Token.Kind? {
    switch Unicode.Scalar(byte) {
    case "(": .openParenthesis
    case ")": .closeParenthesis
    case "[": .openBracket
    case "]": .closeBracket
    case "{": .openBrace
    case "}": .closeBrace
    case ",": .comma
    case ":": .colon
    case ".": .dot
    case "=": .equals
    case "<": .less
    case ">": .greater
    case "+": .plus
    case "-": .minus
    case "*": .star
    case "/": .slash
    case "%": .percent
    case "!": .not
    default: nil
    }
  }
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }

  var startsWord: Bool {
    let lower = self | 0x20
    return UInt8(ascii: "a") <= lower && lower <= UInt8(ascii: "z") || self == UInt8(ascii: "_")
  }

  var continuesWord: Bool { startsWord || isDigit }

  /// Whether a token, a blank or a line's end can begin with it.
  fileprivate var isReadable: Bool {
    continuesWord || isBlank || Lexer.single(self) != nil
      || self == UInt8(ascii: "\n") || self == UInt8(ascii: "#") || self == UInt8(ascii: "\"")
      || self == UInt8(ascii: "`") || self == UInt8(ascii: "'")
      || self == UInt8(ascii: "|") || self == UInt8(ascii: "&")
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The end of the run of bytes from `start` that all satisfy `condition`.
  fileprivate func end(from start: Int, while condition: (UInt8) -> Bool) -> Int {
    var end = start
    while end < count, condition(self[end]) { end += 1 }
    return end
  }

  /// The end of the comment that `*/` closes; `nil` where nothing closes it.
  fileprivate func end(ofCommentFrom start: Int) -> Int? {
    var end = start
    while end + 1 < count {
      if self[end] == UInt8(ascii: "*"), self[end + 1] == UInt8(ascii: "/") { return end + 2 }
      end += 1
    }
    return nil
  }

  fileprivate func has(_ byte: UInt8, at offset: Int) -> Bool {
    offset < count && self[offset] == byte
  }
}

extension [UInt8] {
  /// The offset of the first byte that is no part of UTF-8.
  fileprivate var firstInvalidUTF8: Int? {
    guard contains(where: { $0 >= 0x80 }) else { return nil }
    var parser = Unicode.UTF8.ForwardParser()
    var rest = makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let scalar): offset += scalar.count
      case .error: return offset
      case .emptyInput: return nil
      }
    }
  }
}
