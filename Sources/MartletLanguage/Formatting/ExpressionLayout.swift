import MartletDiagnostics

/// Writes expressions: on one line where there is room, else with the operands of `and` and `or`, or
/// the arguments of a call, on lines of their own.
struct ExpressionLayout {
  private let file: TextFile

  init(_ file: TextFile) { self.file = file }

  /// The expression in `room` columns, as far as that can be.
  func text(of expression: ExpressionSyntax, room: Int) -> String {
    let flat = flat(expression)
    guard flat.displayWidth > room else { return flat }
    let indent = "\n" + Formatter.indent + Formatter.indent
    switch expression.kind {
    case .chain(let sign, let operands):
      return operands.map { self.flat($0) }.joined(separator: " \(sign.rawValue)" + indent)
    case .call(let call) where call.arguments.count + (call.filter == nil ? 0 : 1) > 0:
      let arguments = arguments(of: call).joined(separator: "," + indent)
      return call.function.written + "(" + indent + arguments + "\n" + Formatter.indent + ")"
    default: return flat
    }
  }

  private func list(_ parts: [ExpressionSyntax]) -> String {
    parts.map { flat($0) }.joined(separator: ", ")
  }

  /// The arguments of a call, the condition beside the first.
  private func arguments(of call: CallSyntax) -> [String] {
    var parts = call.arguments.map { flat($0) }
    if let filter = call.filter {
      let condition = "where " + flat(filter)
      if parts.isEmpty { parts = [condition] } else { parts[0] += " " + condition }
    }
    return parts
  }

  private func flat(_ expression: ExpressionSyntax) -> String {
    switch expression.kind {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int, .double, .string, .length, .broken: file.text(in: expression.range)
    case .name(let name): name.written
    case .member(let set, let name): set.written + "." + name.written
    case .list(let elements): "[" + list(elements) + "]"
    case .call(let call):
      call.function.written + "(" + arguments(of: call).joined(separator: ", ") + ")"
    case .parenthesized(let inner): "(" + flat(inner) + ")"
    case .unary(.minus, let operand): "-" + flat(operand)
    case .unary(.not, let operand): "not " + flat(operand)
    case .binary(let sign, let left, let right, _):
      flat(left) + " " + sign.rawValue + " " + flat(right)
    case .chain(let sign, let operands):
      operands.map { flat($0) }.joined(separator: " \(sign.rawValue) ")
    case .isNull(let operand, let isNegated):
      flat(operand) + " is " + (isNegated ? "not " : "") + "null"
    case .isIn(let operand, let values, let isNegated):
      flat(operand) + (isNegated ? " not" : "") + " in (" + list(values) + ")"
    case .isBetween(let operand, let low, let high, let isNegated):
      flat(operand) + (isNegated ? " not" : "") + " between " + flat(low) + " and " + flat(high)
    case .choice(let condition, let first, let second):
      "if " + flat(condition) + " then " + flat(first) + " else " + flat(second)
    }
  }
}
