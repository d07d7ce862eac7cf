public import MartletColumns

/// A checked expression: names resolved, types known. `let`s keep their names, so that a value used
/// twice is a value computed once.
public struct Expression: Hashable, Sendable {
  /// What it is made of.
  public var kind: Kind

  /// What it gives.
  public var type: ColumnType

  /// Whether it may give null.
  public var canBeNull: Bool

  /// What expressions are made of.
  public indirect enum Kind: Hashable, Sendable {
    case literal(Value)

    /// A column of the source.
    case column(String)

    /// A `let` of the same feature set.
    case local(String)

    /// A value of the caller's.
    case given(String)

    /// A feature of a set, by its full name.
    case feature(set: String, name: String)

    /// An operator or a function. Where an operand of type int meets a parameter of type double,
    /// the int is meant as the nearest double.
    case call(Operation, [Expression])
  }
}

/// An operator by itself, or a function by its name.
public enum Operation: Hashable, Sendable {
  case and, or, not
  case equal, notEqual, less, lessEqual, greater, greaterEqual
  case add, subtract, multiply, divide, remainder, negate, concatenate

  /// A length of time is an int of microseconds.
  case addLength, subtractLength

  case isNull
  /// The first operand, then the values.
  case isIn
  case isBetween
  /// Condition, then, else.
  case choice
  case list
  case function(String)
}

extension Expression {
  /// The features that it reads, as often as it does.
  public var readFeatures: [(set: String, feature: String)] {
    switch kind {
    case .feature(let set, let name): [(set, name)]
    case .call(_, let operands): operands.flatMap(\.readFeatures)
    case .literal, .column, .local, .given: []
    }
  }
}
