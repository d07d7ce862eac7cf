import MartletColumns
import MartletLanguage

extension Calculation: CustomStringConvertible {
  /// The steps, a line each.
  public var description: String {
    steps.enumerated().map { "\($0)  \($1)" }.joined(separator: "\n")
  }
}

extension Calculation.Step: CustomStringConvertible {
  public var description: String { "\(kind): \(type)" }
}

extension Calculation.Kind: CustomStringConvertible {
  public var description: String {
    switch self {
    case .literal(let value): "\(value)"
    case .input(let input): "\(input)"
    case .call(let operation, let operands):
      "\(operation.word) \(operands.map { "#\($0)" }.joined(separator: ", "))"
    case .widen(let operand): "double #\(operand)"
    }
  }
}

extension Calculation.Input: CustomStringConvertible {
  public var description: String {
    switch self {
    case .column(let name): "column \(name)"
    case .given(let name): "given \(name)"
    case .feature(let set, let name): "feature \(set).\(name)"
    case .question: "now"
    }
  }
}

extension Operation {
  /// The operator's sign or the function's name.
  fileprivate var word: String {
    switch self {
    case .and: "and"
    case .or: "or"
    case .not: "not"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    case .greater: ">"
    case .greaterEqual: ">="
    case .add, .addLength: "+"
    case .subtract, .subtractLength, .negate: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    case .concatenate: "||"
    case .isNull: "is null"
    case .isIn: "in"
    case .isBetween: "between"
    case .choice: "if"
    case .list: "list"
    case .function(let name): name
    }
  }
}
