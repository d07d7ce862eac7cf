public import MartletDiagnostics

/// A word, number, string or sign of a file, or the end of a line.
struct Token {
  var kind: Kind
  var start: UInt32
  var end: UInt32

  /// Whether a line with nothing on it comes before this one's line.
  var isAfterBlankLine = false
}

extension Token {
  enum Kind: UInt8 {
    case word, quotedWord, int, double, quantity, string, newline, end

    /// A token about which the lexer has already said what is wrong.
    case bad

    case openParenthesis, closeParenthesis, openBracket, closeBracket, openBrace, closeBrace
    case comma, colon, dot, equals
    case equal, notEqual, less, lessEqual, greater, greaterEqual
    case plus, minus, star, slash, percent, concatenate
    case and, or, not, `is`, null, `true`, `false`, `if`, then, `else`, `in`, between, over, `where`
  }

  /// The words that are never names. All other words of the language are names where they stand
  /// like names, so that a column may be called `at` or `every`.
  static let reservedWords: [String: Kind] = [
    "and": .and, "or": .or, "not": .not, "is": .is, "null": .null, "true": .true, "false": .false,
    "if": .if, "then": .then, "else": .else, "in": .in, "between": .between, "over": .over,
    "where": .where,
  ]
}

extension Token.Kind {
  /// What it is, for a sentence that begins "here stands".
  var spoken: String {
    switch self {
    case .word, .quotedWord: "a name"
    case .int, .double: "a number"
    case .quantity: "a length of time"
    case .string: "a text"
    case .newline: "the end of the line"
    case .end: "the end of the file"
    case .bad: "something unreadable"
    case .openParenthesis: "`(`"
    case .closeParenthesis: "`)`"
    case .openBracket: "`[`"
    case .closeBracket: "`]`"
    case .openBrace: "`{`"
    case .closeBrace: "`}`"
    case .comma: "`,`"
    case .colon: "`:`"
    case .dot: "`.`"
    case .equals: "`=`"
    case .equal: "`==`"
    case .notEqual: "`!=`"
    case .less: "`<`"
    case .lessEqual: "`<=`"
    case .greater: "`>`"
    case .greaterEqual: "`>=`"
    case .plus: "`+`"
    case .minus: "`-`"
    case .star: "`*`"
    case .slash: "`/`"
    case .percent: "`%`"
    case .concatenate: "`||`"
    case .and, .or, .not, .is, .null, .true, .false, .if, .then, .else, .in, .between, .over,
      .where:
      "the word `\(self)`"
    }
  }
}

/// A comment, from its `#` to the end of its line.
public struct Comment: Hashable, Sendable {
  /// Where it stands.
  public var range: TextRange

  /// The text with its `#`, blanks at the end left out.
  public var text: String

  /// Whether nothing else stands on its line.
  public var hasOwnLine: Bool

  /// Whether a line with nothing on it comes before.
  public var isAfterBlankLine: Bool
}
