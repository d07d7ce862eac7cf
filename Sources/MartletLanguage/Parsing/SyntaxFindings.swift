import MartletDiagnostics

extension Diagnostic {
  /// Something else belongs here.
  static func expected(
    _ what: String, at range: TextRange, found: Token.Kind, behind: TextRange
  ) -> Diagnostic {
    // At a line's end the caret stands behind the last word, where the missing thing goes.
    let isEnd = found == .newline || found == .end
    return .error("unexpected", "here should stand \(what), not \(found.spoken)")
      .pointing(at: isEnd ? behind : range, "\(what) belongs here")
  }

  static func tooManyFindings(in file: TextFile, number: UInt32) -> Diagnostic {
    .error("too-many-findings", "`\(file.path)` has more errors than are worth reading")
      .pointing(
        at: TextRange(file: number, start: 0, end: 0),
        "the first \(Parser.findingLimit) are shown")
  }

  /// The same of all files together, by the checker.
  static func tooManyFindings(at place: TextRange) -> Diagnostic {
    .error("too-many-findings", "these definitions have more wrong with them than is worth reading")
      .pointing(
        at: place, "the next one after the first \(Checker.findingLimit); what follows is left out")
  }

  static func strayBrace(_ range: TextRange) -> Diagnostic {
    .error("stray-brace", "this `}` closes nothing")
      .pointing(at: range, "no block is open here")
      .help("remove it, or look above for a block that was closed too early")
  }

  static func unknownDeclaration(
    _ word: String, at range: TextRange, near: String?
  ) -> Diagnostic {
    .error("unknown-declaration", "`\(word.shortened)` declares nothing")
      .pointing(at: range, "not a word that begins a declaration")
      .help(
        near.map { "did you mean `\($0)`?" }
          ?? "a file consists of \(Declaration.Kind.allCases.map(\.rawValue).spokenList)")
  }

  static func unclosed(
    _ sign: String, opening: TextRange, at end: TextRange, of declaration: Declaration? = nil
  ) -> Diagnostic {
    let closing = ["(": ")", "[": "]", "{": "}"][sign] ?? sign
    let what = declaration?.name.map { " of `\($0.text)`" } ?? ""
    return .error("unclosed", "the `\(sign)`\(what) is never closed")
      .pointing(at: end, "a `\(closing)` is missing here or before")
      .because(opening, "opened here")
  }

  static func tooDeep(_ range: TextRange) -> Diagnostic {
    .error("too-deep", "this expression has too many parts inside each other")
      .pointing(at: range, "more than \(Parser.depthLimit) deep from here")
      .help("give a part of it a name with `let`")
  }

  static func badEscape(_ range: TextRange) -> Diagnostic {
    .error("bad-escape", "this backslash stands before a letter that has no meaning after it")
      .pointing(at: range)
      .help(#"the escapes are `\"`, `\\`, `\n`, `\t` and `\r`; a backslash itself is `\\`"#)
  }

  static func numberTooBig(_ range: TextRange, _ digits: String) -> Diagnostic {
    .error("number-too-big", "`\(digits.shortened)` is more than can be counted")
      .pointing(at: range, "an int reaches to 9223372036854775807, a double to about 1.8e308")
  }

  static func singleEquals(_ range: TextRange) -> Diagnostic {
    .error("single-equals", "`=` defines; it does not compare")
      .pointing(at: range, "a comparison is meant here")
      .help("`==`")
  }

  static func chainedComparison(_ range: TextRange, _ middle: String) -> Diagnostic {
    .error("chained-comparison", "comparisons do not chain")
      .pointing(at: range, "this is a bool, which the next sign would compare again")
      .help("compare twice, with `and`: `… < \(middle.shortened) and \(middle.shortened) < …`")
  }

  static func misplaced(
    _ word: StatementWord, at range: TextRange, in kind: Declaration.Kind
  ) -> Diagnostic {
    let places = Declaration.Kind.allCases.filter(word.places.contains).map(\.rawValue)
    let finding = Diagnostic.error(
      "misplaced-statement", "`\(word.rawValue)` says nothing about \(kind.spokenBlock)"
    )
    .pointing(at: range, "belongs to \(places.spokenList)")
    switch word {
    case .deleted:
      return finding.help("an event that happened stays; say `states` for what can end")
    case .keep:
      return finding.help("for how long a value holds is said where its features are")
    default: return finding
    }
  }

  static func unknownStatement(
    _ word: String, at range: TextRange, in kind: Declaration.Kind, near: String?, words: [String]
  ) -> Diagnostic {
    let finding = Diagnostic.error(
      "unknown-statement", "`\(word.shortened)` is no statement of \(kind.spokenBlock)"
    ).pointing(at: range, "not understood")
    if let near { return finding.help("did you mean `\(near)`?") }
    switch kind {
    case .events, .states:
      return finding.help("a column is written `name: type`").note(
        "statements are \(words.spokenList)")
    case .features:
      return finding.help("a feature is written `name = expression`")
        .note("statements are \(words.spokenList)")
    case .service:
      return finding.help("a feature is asked for as `set.feature`, all of them as `set.*`")
    case .entity, .hook, .project: return finding.help("statements are \(words.spokenList)")
    }
  }

  static func expectationSaysNothing(_ range: TextRange, words: [String]) -> Diagnostic {
    .error(
      "expectation-without-consequence",
      "this expectation does not say what follows when it is not met"
    )
    .pointing(at: range, "or what?")
    .help("end it with `or drop`, `or warn` or `or fail`")
  }
}
