import MartletColumns
import MartletDiagnostics

extension Diagnostic {
  static func duplicate(_ name: Name, _ earlier: Name, what: String) -> Diagnostic {
    .error("duplicate-definition", what)
      .pointing(at: name.range, "again here")
      .because(earlier.range, "first here")
      .help("entities, sources, feature sets and services share one set of names: rename one")
  }

  static func duplicateColumn(_ name: Name, of owner: String, _ earlier: Name) -> Diagnostic {
    duplicateColumn(name, of: owner, earlier.range)
  }

  static func duplicateColumn(_ name: Name, of owner: String, _ earlier: TextRange?) -> Diagnostic {
    let finding = Diagnostic.error(
      "duplicate-name", "`\(name.text)` has two meanings in `\(owner)`"
    )
    .pointing(at: name.range, "again here")
    return earlier.map { finding.because($0, "first here") } ?? finding
  }

  static func duplicateFeature(_ name: Name, _ full: String, _ earlier: TextRange) -> Diagnostic {
    .error("duplicate-feature", "two features are called `\(full)`")
      .pointing(at: name.range, "makes `\(full)` again")
      .because(earlier, "already makes `\(full)`")
      .note("a feature with windows is named after each of them")
  }

  static func duplicateStatement(
    _ word: StatementWord, _ range: TextRange, _ earlier: TextRange
  ) -> Diagnostic {
    .error("duplicate-statement", "`\(word.rawValue)` is said twice")
      .pointing(at: range, "again here")
      .because(earlier, "first here")
      .help("keep one of them")
  }

  static func duplicateOutput(
    _ range: TextRange, _ name: String, _ earlier: TextRange
  ) -> Diagnostic {
    .error("duplicate-output", "two columns of the answer are called `\(name)`")
      .pointing(at: range, "again here")
      .because(earlier, "first here")
      .help("leave one out with `except`, or give one another name with `as`")
  }

  static func unfitName(_ name: Name) -> Diagnostic {
    .error("unfit-name", "`\(name.text)` has two underscores in a row")
      .pointing(at: name.range)
      .help("a column is named `set__feature`, so a name has single ones only")
  }

  static func unknownName(_ name: Name, in owner: String, near: String?) -> Diagnostic {
    .error("unknown-name", "there is no `\(name.text)` in `\(owner)`")
      .pointing(at: name.range, "not found")
      .help(near.map { "did you mean `\($0)`?" })
  }

  static func unknownEntity(_ name: Name, near: String?) -> Diagnostic {
    .error("unknown-entity", "there is no entity `\(name.text)`")
      .pointing(at: name.range, "not found")
      .help(
        near.map { "did you mean `\($0)`?" }
          ?? "declare it: `entity \(name.text)(\(name.text)_id: string)`")
  }

  static func unknownSource(_ name: Name, near: String?) -> Diagnostic {
    .error("unknown-source", "there is no source `\(name.text)`")
      .pointing(at: name.range, "not found")
      .help(
        near.map { "did you mean `\($0)`?" }
          ?? "declare it: `events \(name.text) { … }` or `states \(name.text) { … }`")
  }

  static func unknownSet(_ name: Name, isSource: Bool, near: String?) -> Diagnostic {
    let finding = Diagnostic.error("unknown-feature-set", "there is no feature set `\(name.text)`")
      .pointing(at: name.range, isSource ? "a source, whose rows are no features" : "not found")
    return finding.help(near.map { "did you mean `\($0)`?" })
  }

  static func unknownFeature(
    _ name: Name, of set: String, near: String?, windows: [String]
  ) -> Diagnostic {
    let finding = Diagnostic.error("unknown-feature", "`\(set)` has no feature `\(name.text)`")
      .pointing(at: name.range, "not found")
    if !windows.isEmpty {
      return finding.help("say which window: \(windows.prefix(6).map { $0 }.spokenChoice)")
    }
    return finding.help(near.map { "did you mean `\($0)`?" })
  }

  static func unknownFunction(_ name: Name, near: String?, instead: String?) -> Diagnostic {
    .error("unknown-function", "there is no function `\(name.text)`")
      .pointing(at: name.range, "not found")
      .help(near.map { "did you mean `\($0)`?" } ?? instead.map { "here it is `\($0)`" })
  }

  static func unknownType(_ name: Name, near: String?) -> Diagnostic {
    .error("unknown-type", "there is no type `\(name.text)`")
      .pointing(at: name.range, "not found")
      .help(near.map { "did you mean `\($0)`?" })
      .note("the types are bool, int, double, string, time, bytes, list of …, and vector(n)")
  }

  static func shadowed(_ name: Name, _ column: TextRange) -> Diagnostic {
    .error("shadowed-name", "this `let` hides the column `\(name.text)`")
      .pointing(at: name.range, "give it a name of its own")
      .because(column, "the column")
  }

  static func cycle(_ range: TextRange, _ path: [String]) -> Diagnostic {
    .error("cycle", "these feature sets wait for each other")
      .pointing(at: range, "closes the circle")
      .note(path.map { "`\($0)`" }.joined(separator: " reads "))
  }

  static func unusedLet(_ name: Name) -> Diagnostic {
    .warning("unused-let", "`\(name.text)` is never used")
      .pointing(at: name.range)
      .help("remove it")
  }

  static func unusedGiven(_ name: Name) -> Diagnostic {
    .warning("unused-given", "the caller must give `\(name.text)`, and nothing uses it")
      .pointing(at: name.range)
      .help("remove it")
  }

  static func unusedSource(_ name: Name) -> Diagnostic {
    .warning("unused-source", "no feature reads `\(name.text)`")
      .pointing(at: name.range)
  }

  static func unusedEntity(_ name: Name) -> Diagnostic {
    .warning("unused-entity", "no feature is about `\(name.text)`")
      .pointing(at: name.range)
  }
}

extension [String] {
  /// The words in backquotes with commas and an `or`.
  var spokenChoice: String {
    let quoted = map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}
