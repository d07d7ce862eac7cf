/// A flag of a command, defined once: parser, help, completions and reference page all read it.
///
/// A command holds on to its flags, declares them, and asks its invocation for their values:
///
///     private let limit = Flag.value("limit", short: "n", .int(in: 1...Int.max), default: 10,
///       "Show at most this many rows.")
///     …
///     for row in rows.prefix(invocation[limit]) { … }
struct Flag<Value: Sendable>: Sendable {
  var definition: FlagDefinition
}

/// What everyone but the command itself needs to know of a flag.
struct FlagDefinition: Sendable {
  /// The name, without its two dashes.
  var name: String
  var short: Character?
  var summary: String
  var taking: Taking
  /// The word that stands for a value; empty for a switch.
  var placeholder = ""
  var completion = Completion.nothing
  /// The flag's value, from the texts that were given for it, in their order.
  var read: @Sendable ([String]) throws(WrongValue) -> any Sendable

  /// How often, and with what, a flag may be written.
  enum Taking: Equatable, Sendable {
    case nothing
    /// At most once; `default` is what stands otherwise, for help to show.
    case optional(default: String?)
    case required
    case repeated
  }
}

/// A flag whose type is not spoken of, so that a command can list all of its own.
protocol AnyFlag: Sendable {
  var definition: FlagDefinition { get }
}

extension Flag: AnyFlag {}

extension Flag where Value == Bool {
  /// A flag that is there or not.
  static func `switch`(_ name: String, short: Character? = nil, _ summary: String) -> Flag {
    Flag(
      definition: FlagDefinition(
        name: name, short: short, summary: summary, taking: .nothing
      ) { texts in !texts.isEmpty })
  }
}

extension Flag {
  /// A flag with a value that stands when it is not written.
  static func value(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, default standing: Value,
    _ summary: String
  ) -> Flag {
    Flag(
      name, short, kind, .optional(default: "\(standing)"), summary
    ) { texts throws(WrongValue) in
      guard let text = texts.last else { return standing }
      return try kind.read(text)
    }
  }

  /// A flag whose value is `nil` when it is not written.
  static func optional<Wrapped: Sendable>(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Wrapped>, _ summary: String
  ) -> Flag where Value == Wrapped? {
    Flag(name, short, kind, .optional(default: nil), summary) { texts throws(WrongValue) in
      guard let text = texts.last else { return Wrapped?.none }
      return try kind.read(text)
    }
  }

  /// A flag that must be written.
  static func required(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, _ summary: String
  ) -> Flag {
    Flag(name, short, kind, .required, summary) { texts throws(WrongValue) in
      guard let text = texts.last else { throw WrongValue(expected: "a value") }
      return try kind.read(text)
    }
  }

  /// A flag that may be written several times; its values keep their order.
  static func repeated<Element: Sendable>(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Element>, _ summary: String
  ) -> Flag where Value == [Element] {
    Flag(name, short, kind, .repeated, summary) { texts throws(WrongValue) in
      try texts.map(kind.read)
    }
  }

  private init<Each: Sendable>(
    _ name: String, _ short: Character?, _ kind: ValueKind<Each>,
    _ taking: FlagDefinition.Taking, _ summary: String,
    read: @escaping @Sendable ([String]) throws(WrongValue) -> Value
  ) {
    definition = FlagDefinition(
      name: name, short: short, summary: summary, taking: taking, placeholder: kind.placeholder,
      completion: kind.completion
    ) { texts throws(WrongValue) in try read(texts) }
  }
}

extension FlagDefinition {
  /// `--limit`
  var spelled: String { "--\(name)" }

  /// `-n, --limit N`, as help lists it.
  var usage: String {
    let names = short.map { "-\($0), \(spelled)" } ?? spelled
    return placeholder.isEmpty ? names : "\(names) \(placeholder)"
  }
}
