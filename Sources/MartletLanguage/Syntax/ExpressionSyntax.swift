public import MartletDiagnostics

/// An expression as it was written.
public struct ExpressionSyntax: Sendable {
  /// What it is made of.
  public var kind: Kind

  /// Where it stands.
  public var range: TextRange

  /// How many expressions lie inside each other, this one included. Bounded by the parser, so that
  /// whoever walks the tree may recurse.
  public var height: Int
}

extension ExpressionSyntax {
  /// What expressions are made of.
  public indirect enum Kind: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double, written: String)
    case string(String)
    case length(Quantity)
    case name(Name)
    case member(Name, Name)
    case list([ExpressionSyntax])
    case call(CallSyntax)
    case parenthesized(ExpressionSyntax)
    case unary(UnaryOperator, ExpressionSyntax)
    case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax, sign: TextRange)

    /// Operands joined by `and` or `or`; side by side, so that a thousand are not a tower.
    case chain(LogicalOperator, [ExpressionSyntax])
    case isNull(ExpressionSyntax, isNegated: Bool)
    case isIn(ExpressionSyntax, [ExpressionSyntax], isNegated: Bool)
    case isBetween(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax, isNegated: Bool)
    case choice(ExpressionSyntax, then: ExpressionSyntax, else: ExpressionSyntax)

    /// What could not be read, and has been reported.
    case broken
  }

  public enum UnaryOperator: String, Sendable {
    case minus = "-"
    case not
  }

  public enum LogicalOperator: String, Sendable { case and, or }

  public enum BinaryOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessEqual = "<="
    case greater = ">"
    case greaterEqual = ">="
    case concatenate = "||"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
  }
}

/// `function(arguments where condition)`.
public struct CallSyntax: Sendable {
  public var function: Name
  public var arguments: [ExpressionSyntax]
  public var filter: ExpressionSyntax?
}

extension ExpressionSyntax.BinaryOperator {
  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
    default: false
    }
  }
}

/// How tightly operators hold, from the loosest.
enum Precedence: Int, Comparable {
  case choice, or, and, not, comparison, concatenation, sum, product, sign, primary

  static func < (one: Precedence, other: Precedence) -> Bool { one.rawValue < other.rawValue }

  /// The next tighter one.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }
}

extension ExpressionSyntax.BinaryOperator {
  var precedence: Precedence {
    switch self {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: .comparison
    case .concatenate: .concatenation
    case .add, .subtract: .sum
    case .multiply, .divide, .remainder: .product
    }
  }
}
