import MartletDiagnostics

extension Diagnostic {
  static func fileTooBig(_ range: TextRange, byteCount: Int) -> Diagnostic {
    .error("file-too-big", "this file has \(byteCount) bytes")
      .pointing(at: range, "definitions end at \(Lexer.byteLimit >> 20) MiB a file")
      .help("split it: all files below `featuredefs/` are one program")
  }

  static func invalidUTF8(_ range: TextRange) -> Diagnostic {
    .error("invalid-utf8", "this file is not UTF-8")
      .pointing(at: range, "the first byte that is not")
      .help("save the file as UTF-8")
  }

  static func unexpectedCharacter(_ range: TextRange, _ text: String) -> Diagnostic {
    let shown = text.count > 12 ? text.prefix(12) + "…" : text[...]
    let isStatementEnd = text.utf8.allSatisfy { $0 == UInt8(ascii: ";") }
    return .error("unexpected-character", "`\(shown)` means nothing here")
      .pointing(at: range, "not part of the language")
      .help(
        isStatementEnd
          ? "leave it out: a statement ends with its line"
          : "a name with such characters stands in backquotes: `` `\(shown)` ``")
  }

  static func unclosedString(_ range: TextRange) -> Diagnostic {
    .error("unclosed-string", "this text never ends")
      .pointing(at: range.clipped(to: 1), "begins here, and its line ends without `\"`")
      .help("close it with `\"`; a line's end inside a text is written `\\n`")
  }

  static func unclosedName(_ range: TextRange) -> Diagnostic {
    .error("unclosed-name", "this name in backquotes is empty or never ends")
      .pointing(at: range.clipped(to: 1), "begins here")
      .help("write the name between two backquotes, on one line")
  }

  static func foreignSpelling(_ range: TextRange, instead: String) -> Diagnostic {
    .error("foreign-spelling", "other languages write it so; here it is `\(instead)`")
      .pointing(at: range)
      .help("`\(instead)`")
  }

  static func foreignComment(_ range: TextRange, _ sign: String) -> Diagnostic {
    .error("foreign-spelling", "other languages write comments with `\(sign)`; here it is `#`")
      .pointing(at: range, "meant to begin a comment")
      .help("`#`, and what stands behind it up to the line's end")
  }
}

extension TextRange {
  /// The first `byteCount` bytes of it.
  func clipped(to byteCount: UInt32) -> TextRange {
    TextRange(file: file, start: start, end: min(end, start + byteCount))
  }
}
