import MartletColumns
import MartletDiagnostics

extension Diagnostic {
  static func notACondition(_ range: TextRange, _ type: ColumnType, _ word: String) -> Diagnostic {
    .error("not-a-condition", "`\(word)` needs something that is true or false")
      .pointing(at: range, "is \(type.withArticle)")
      .help("compare it, as in `… > 0` or `… == \"yes\"`")
  }

  static func constantCondition(_ range: TextRange, _ written: String) -> Diagnostic {
    .warning("constant-condition", "this condition is always the same")
      .pointing(at: range, "`\(written.shortened)`, whatever the row")
  }

  static func wrongOperand(
    _ range: TextRange, _ type: ColumnType, _ sign: String, _ wanted: String
  ) -> Diagnostic {
    .error("wrong-operand", "`\(sign)` takes \(wanted), not \(type.withArticle)")
      .pointing(at: range, "is \(type.withArticle)")
  }

  static func unlike(
    _ range: TextRange, _ type: ColumnType, _ written: String, _ first: TextRange,
    _ firstType: ColumnType, at place: TextRange?
  ) -> Diagnostic {
    let finding = Diagnostic.error(
      "unlike-types", "\(firstType.withArticle) and \(type.withArticle) do not go together"
    )
    .pointing(at: range, "is \(type.withArticle)")
    .because(first, "is \(firstType.withArticle)")
    return switch (firstType, type) {
    case (.string, .int), (.string, .double):
      finding.help("`\"\(written.shortened)\"`, if it is text")
    case (.time, .string): finding.help("`time(\(written.shortened))` is a moment")
    default: finding
    }
  }

  static func notOrdered(_ range: TextRange, _ type: ColumnType, _ operand: TextRange) -> Diagnostic
  {
    .error("no-order", "of \(type.withArticle) none is less than another")
      .pointing(at: range, "needs an order")
      .because(operand, "is \(type.withArticle)")
  }

  static func nullComparison(
    _ range: TextRange, _ other: String, _ sign: ExpressionSyntax.BinaryOperator
  ) -> Diagnostic {
    .error("null-comparison", "a comparison with `null` is never true")
      .pointing(at: range, "null, whatever the other side is")
      .help("`\(other.shortened) is \(sign == .notEqual ? "not " : "")null`")
  }

  static func neverNull(_ range: TextRange, _ written: String, _ isNegated: Bool) -> Diagnostic {
    .warning("never-null", "`\(written.shortened)` is never null")
      .pointing(at: range, "always \(isNegated)")
  }

  static func idleDefault(_ range: TextRange, _ value: TextRange, _ written: String) -> Diagnostic {
    .warning("idle-default", "this default is never taken")
      .pointing(at: range, "not needed")
      .because(value, "always gives a value")
      .help("`\(written.shortened)` alone")
  }

  static func idleCast(_ range: TextRange, _ type: ColumnType, _ written: String) -> Diagnostic {
    .warning("idle-cast", "this is \(type.withArticle) already")
      .pointing(at: range)
      .help("`\(written.shortened)`")
  }

  static func castMayFail(
    _ range: TextRange, _ from: ColumnType, _ to: ColumnType, _ written: String
  ) -> Diagnostic {
    .error("cast-may-fail", "not every \(from) is \(to.withArticle)")
      .pointing(at: range, "does not say what follows then")
      .help("`\(to)(\(written.shortened), null)` is null then")
  }

  static func impossibleCast(_ range: TextRange, _ from: ColumnType, _ to: ColumnType) -> Diagnostic
  {
    .error("impossible-cast", "\(from.withArticle) cannot become \(to.withArticle)")
      .pointing(at: range)
  }

  static func badTime(_ range: TextRange, _ text: String) -> Diagnostic {
    .error("bad-time", "`\(text.shortened)` is no moment")
      .pointing(at: range)
      .help("write it as in `time(\"2025-01-31T23:59:00Z\")`")
  }

  static func strayLength(_ range: TextRange) -> Diagnostic {
    .error("stray-length", "a length of time is no value here")
      .pointing(at: range, "may be added to a time, or taken from one")
      .help("compare seconds: `seconds_between(from, to) > 3600.0`")
  }

  static func impreciseNumber(_ range: TextRange, _ value: Double) -> Diagnostic {
    .warning("imprecise-number", "a double cannot hold this number exactly")
      .pointing(at: range, "becomes \(value)")
      .help("without `.0` it is an int, which can")
  }

  static func divisionByZero(_ range: TextRange) -> Diagnostic {
    .warning("division-by-zero", "this divides by zero")
      .pointing(at: range, "the result is always null")
  }

  static func emptyList(_ range: TextRange) -> Diagnostic {
    .error("empty-list", "a list that is written out has elements")
      .pointing(at: range, "none here, so that their type is unknown")
  }

  static func nestedList(_ range: TextRange, _ type: ColumnType) -> Diagnostic {
    .error("nested-list", "a list holds single values, not \(type.withArticle)")
      .pointing(at: range)
  }

  static func badWidth(_ range: TextRange) -> Diagnostic {
    .error("bad-width", "a vector has from 1 to 65536 numbers")
      .pointing(at: range)
  }

  static func widthsDiffer(_ range: TextRange, _ one: Int, _ other: Int) -> Diagnostic {
    .error("widths-differ", "these vectors are not of one width")
      .pointing(at: range, "\(one) numbers and \(other)")
  }

  // MARK: Calls

  static func wrongCount(_ range: TextRange, _ name: String, _ ways: [String]) -> Diagnostic {
    .error("wrong-argument-count", "`\(name)` is not called with so many arguments")
      .pointing(at: range)
      .help(ways.map { "`\(name)\($0)`" }.joined(separator: " or "))
  }

  static func wrongArgument(
    _ range: TextRange, _ type: ColumnType, of function: String, _ parameter: Function.Parameter
  ) -> Diagnostic {
    switch parameter {
    case .constant, .zone:
      return .error("wrong-constant", "`\(function)` takes a \(parameter.spoken) here, written out")
        .pointing(at: range, "not such a one")
    default:
      let finding = Diagnostic.error(
        "wrong-argument", "`\(function)` takes a \(parameter.spoken) here, not \(type.withArticle)"
      ).pointing(at: range, "is \(type.withArticle)")
      if case .type(.int) = parameter, type == .double {
        return finding.help("`int(…, null)` makes one of it")
      }
      return finding
    }
  }

  static func filterOnFunction(_ range: TextRange, _ name: String) -> Diagnostic {
    .error("filter-on-function", "`\(name)` has no rows to choose from")
      .pointing(at: range, "`where` belongs into aggregates")
      .help("`if … then … else null`")
  }
}

extension ColumnType {
  /// `an int`, `a list of strings`.
  var withArticle: String { (self == .int ? "an " : "a ") + description }
}
