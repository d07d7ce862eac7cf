import MartletColumns

/// What an expression means, however its `let`s are cut and called.
///
/// A column or a number stands for itself, whatever is made of several things for its hash: where a
/// `let` is named, the same bytes stand that would stand there had its expression been written out.
struct ExpressionMeaning {
  /// The bytes that stand for it in a larger meaning.
  var bytes: [UInt8]

  /// The number that it is, where it is one written out.
  var number: Value?

  /// What is joined, where it is an `and` or an `or`: in parentheses or not, in whatever order.
  var joined: (sign: Operation, parts: [[UInt8]])?
}

/// What the expressions of one feature set mean, wherever its `let`s are defined and whatever they
/// are called.
public struct Meanings {
  private var locals: [String: ExpressionMeaning] = [:]
  private var features: [Calculated: Identity] = [:]

  /// A feature that is read, by its names.
  private struct Calculated: Hashable {
    var set: String
    var name: String
  }

  /// The meanings of expressions that may use `locals`, each of which may use those before it.
  public init(of locals: [FeatureSet.Local] = []) {
    for local in locals { define(local) }
  }

  /// What `expression` means.
  public subscript(expression: Expression) -> Identity {
    var text = MeaningText("value")
    text.add(meaning(of: expression))
    return text.identity
  }

  mutating func define(_ local: FeatureSet.Local) {
    locals[local.name] = meaning(of: local.value)
  }

  /// Says what a feature means that expressions may read.
  mutating func define(_ set: String, _ feature: String, as identity: Identity) {
    features[Calculated(set: set, name: feature)] = identity
  }

  /// What `expression` means where a value of type `wanted` is taken.
  func meaning(of expression: Expression, as wanted: ColumnType? = nil) -> ExpressionMeaning {
    switch expression.kind {
    case .literal(let value):
      return Self.literal(value, value == .null ? wanted ?? expression.type : expression.type)
        .taken(as: wanted)
    case .column(let name): return Self.leaf("column", name, expression.type)
    case .given(let name): return Self.leaf("given", name, expression.type)
    case .local(let name):
      return (locals[name] ?? Self.leaf("let", name, expression.type)).taken(as: wanted)
    case .feature(let set, let name):
      var text = MeaningText()
      text.add("feature")
      text.add(set)
      text.add(name)
      text.add(expression.type.description)
      text.add(features[Calculated(set: set, name: name)]) { $0.add($1) }
      return ExpressionMeaning(bytes: text.bytes)
    case .call(.negate, let operands):
      let operand = meaning(of: operands[0])
      if let number = operand.number?.negated {
        return Self.literal(number, expression.type).taken(as: wanted)
      }
      return Self.call(.negate, [operand.bytes], expression.type)
    case .call(let sign, let operands) where sign == .and || sign == .or:
      var parts: [[UInt8]] = []
      for operand in operands.map({ meaning(of: $0, as: .bool) }) {
        if let joined = operand.joined, joined.sign == sign {
          parts += joined.parts
        } else {
          parts.append(operand.bytes)
        }
      }
      parts.sort { $0.lexicographicallyPrecedes($1) }
      var result = Self.call(sign, parts, .bool)
      result.joined = (sign, parts)
      return result
    case .call(let operation, let operands):
      let types = operation.operandTypes(of: operands, giving: expression.type)
      let parts = zip(operands, types).map { meaning(of: $0, as: $1).bytes }
      return Self.call(operation, parts, expression.type)
    }
  }

  private static func leaf(_ kind: String, _ name: String, _ type: ColumnType) -> ExpressionMeaning
  {
    var text = MeaningText()
    text.add(kind)
    text.add(name)
    text.add(type.description)
    return ExpressionMeaning(bytes: text.bytes)
  }

  fileprivate static func literal(_ value: Value, _ type: ColumnType) -> ExpressionMeaning {
    var text = MeaningText()
    text.add("literal")
    text.add(type.description)
    text.add(value)
    return ExpressionMeaning(bytes: text.bytes, number: value.isNumber ? value : nil)
  }

  private static func call(
    _ operation: Operation, _ parts: [[UInt8]], _ type: ColumnType
  ) -> ExpressionMeaning {
    var text = MeaningText()
    text.add("call")
    text.add(operation.meaning)
    text.add(type.description)
    text.add(Int64(parts.count))
    for part in parts { text.add(bytes: part) }
    return ExpressionMeaning(bytes: text.identity.bytes)
  }
}

extension ExpressionMeaning {
  /// The same where a value of type `wanted` is taken: an int that is written out is meant as a double
  /// where one stands.
  fileprivate func taken(as wanted: ColumnType?) -> ExpressionMeaning {
    guard wanted == .double, case .int(let number) = number else { return self }
    return Meanings.literal(.double(Double(number)), .double)
  }
}

extension Value {
  fileprivate var isNumber: Bool {
    switch self {
    case .int, .double: true
    default: false
    }
  }

  /// The number with the other sign, where it fits.
  fileprivate var negated: Value? {
    switch self {
    case .double(let number): .double(-number)
    case .int(let number):
      number.multipliedReportingOverflow(by: -1).overflow ? nil : .int(-number)
    default: nil
    }
  }
}

extension Expression {
  /// The names of the `let`s that it uses.
  func collectLocals(into names: inout Set<String>) {
    switch kind {
    case .local(let name): names.insert(name)
    case .call(_, let operands): for operand in operands { operand.collectLocals(into: &names) }
    case .literal, .column, .given, .feature: break
    }
  }
}
