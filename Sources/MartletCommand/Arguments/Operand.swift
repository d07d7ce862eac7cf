/// A word of a command that has a place instead of a name: the `IN` and `OUT` of `convert IN OUT`.
struct Operand<Value: Sendable>: Sendable {
  var definition: OperandDefinition
}

/// What everyone but the command itself needs to know of an operand.
struct OperandDefinition: Sendable {
  /// The word that stands for it in usage lines: `FILE`.
  var name: String
  var summary: String
  var taking: Taking
  var completion: Completion
  /// The operand's value, from the texts that stood at its place.
  var read: @Sendable ([String]) throws(WrongValue) -> any Sendable

  /// How many words an operand takes.
  enum Taking: Equatable, Sendable {
    case required
    case optional
    /// All the words that are left, of which there must be so many.
    case rest(atLeast: Int)
  }
}

/// An operand whose type is not spoken of, so that a command can list all of its own.
protocol AnyOperand: Sendable {
  var definition: OperandDefinition { get }
}

extension Operand: AnyOperand {}

extension Operand {
  /// An operand that must be written.
  static func required(_ kind: ValueKind<Value>, _ summary: String) -> Operand {
    Operand(kind, .required, summary) { texts throws(WrongValue) in
      guard let text = texts.first else { throw WrongValue(expected: "a value") }
      return try kind.read(text)
    }
  }

  /// An operand that is `nil` when it is not written.
  static func optional<Wrapped: Sendable>(
    _ kind: ValueKind<Wrapped>, _ summary: String
  ) -> Operand where Value == Wrapped? {
    Operand(kind, .optional, summary) { texts throws(WrongValue) in
      guard let text = texts.first else { return Wrapped?.none }
      return try kind.read(text)
    }
  }

  /// An operand that takes all the words that are left.
  static func rest<Element: Sendable>(
    _ kind: ValueKind<Element>, atLeast count: Int = 0, _ summary: String
  ) -> Operand where Value == [Element] {
    Operand(kind, .rest(atLeast: count), summary) { texts throws(WrongValue) in
      try texts.map(kind.read)
    }
  }

  private init<Each: Sendable>(
    _ kind: ValueKind<Each>, _ taking: OperandDefinition.Taking, _ summary: String,
    read: @escaping @Sendable ([String]) throws(WrongValue) -> Value
  ) {
    definition = OperandDefinition(
      name: kind.placeholder, summary: summary, taking: taking, completion: kind.completion
    ) { texts throws(WrongValue) in try read(texts) }
  }
}

extension OperandDefinition {
  /// `FILE`, `[FILE]` or `[FILE…]`, as usage lines show it.
  var usage: String {
    switch taking {
    case .required: name
    case .optional: "[\(name)]"
    case .rest(atLeast: 0): "[\(name)…]"
    case .rest: "\(name)…"
    }
  }
}
