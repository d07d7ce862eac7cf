public import MartletColumns

/// A function of values: data, so that the checker, the docs and whoever evaluates it read one table.
public struct Function: Sendable {
  /// Its name.
  public var name: String

  /// The ways to call it.
  public var signatures: [Signature]

  /// Whether the result may be null though no argument is.
  public var mayFail: Bool

  /// What it gives, in a few words.
  public var about: String

  /// One way to call a function.
  public struct Signature: Sendable {
    var parameters: [Parameter]

    /// How many of the last parameters may be left out.
    var optionalCount = 0
    var result: Result
  }

  enum Parameter: Sendable {
    case type(ColumnType)

    /// Any single value.
    case scalar

    /// A list whose elements the result or a later parameter may be like.
    case list

    /// A value like the elements of the list before.
    case element
    case vector

    /// A whole number written out, within the range.
    case constant(ClosedRange<Int64>)

    /// The name of a time zone written out.
    case zone
  }

  enum Result: Sendable {
    case type(ColumnType)
    case element
    case list(ColumnType)
  }
}

extension Function {
  /// All functions by name.
  public static let table = [String: Function](
    uniqueKeysWithValues: all.map { ($0.name, $0) })

  static let all: [Function] = [
    number("abs", "the distance from zero", keepsInt: true),
    number("sign", "-1, 0 or 1", keepsInt: true),
    number("floor", "the next whole number below"),
    number("ceil", "the next whole number above"),
    Function(
      "round", "rounded half to even, to so many decimals",
      [.type(.double), .constant(0...15)] => .type(.double), optional: 1),
    number("sqrt", "the square root, null of what is negative", mayFail: true),
    number("ln", "the natural logarithm, null of what is not positive", mayFail: true),
    number("log10", "the decimal logarithm, null of what is not positive", mayFail: true),
    number("exp", "e to that power"),
    Function(
      "pow", "the power, null where there is none", mayFail: true,
      [.type(.double), .type(.double)] => .type(.double)),
    Function(
      "div", "the whole quotient, rounded towards zero; null by zero", mayFail: true,
      [.type(.int), .type(.int)] => .type(.int)),
    Function("lower", "in small letters", [.type(.string)] => .type(.string)),
    Function("upper", "in capital letters", [.type(.string)] => .type(.string)),
    Function("trim", "without blanks at the ends", [.type(.string)] => .type(.string)),
    Function(
      "length", "the number of characters, bytes or elements",
      [.type(.string)] => .type(.int), [.type(.bytes)] => .type(.int), [.list] => .type(.int)),
    Function(
      "substring", "so many characters from a position, the first being 1",
      [.type(.string), .type(.int), .type(.int)] => .type(.string), optional: 1),
    Function(
      "starts_with", "whether it begins so",
      [.type(.string), .type(.string)] => .type(.bool)),
    Function(
      "ends_with", "whether it ends so",
      [.type(.string), .type(.string)] => .type(.bool)),
    Function(
      "contains", "whether it is somewhere inside",
      [.type(.string), .type(.string)] => .type(.bool), [.list, .element] => .type(.bool)),
    Function(
      "replace", "each occurrence replaced",
      [.type(.string), .type(.string), .type(.string)] => .type(.string)),
    Function(
      "split", "the parts between separators",
      [.type(.string), .type(.string)] => .list(.string)),
    Function(
      "element", "the element at a position, the first being 1; null beyond", mayFail: true,
      [.list, .type(.int)] => .element),
    Function("year", "the year in a zone", [.type(.time), .zone] => .type(.int), optional: 1),
    Function("month", "1 to 12", [.type(.time), .zone] => .type(.int), optional: 1),
    Function("day", "1 to 31", [.type(.time), .zone] => .type(.int), optional: 1),
    Function("hour", "0 to 23", [.type(.time), .zone] => .type(.int), optional: 1),
    Function("minute", "0 to 59", [.type(.time), .zone] => .type(.int), optional: 1),
    Function("weekday", "1 for Monday to 7", [.type(.time), .zone] => .type(.int), optional: 1),
    Function(
      "midnight", "the beginning of the day", [.type(.time), .zone] => .type(.time), optional: 1),
    Function(
      "days_between", "whole days from one time to another",
      [.type(.time), .type(.time)] => .type(.int)),
    Function(
      "seconds_between", "seconds from one time to another",
      [.type(.time), .type(.time)] => .type(.double)),
    Function(
      "hash_bucket", "one of so many buckets, the same for ever",
      [.scalar, .constant(1...1_000_000_000)] => .type(.int)),
    Function(
      "distance_km", "the great-circle distance between two latitudes and longitudes",
      [.type(.double), .type(.double), .type(.double), .type(.double)] => .type(.double)),
    Function("dot", "the scalar product", [.vector, .vector] => .type(.double)),
    Function(
      "cosine", "the cosine of the angle, null of a zero vector", mayFail: true,
      [.vector, .vector] => .type(.double)),
  ]

  /// Functions with rules of their own, which the checker knows.
  static let special = [
    "coalesce", "nullif", "least", "greatest", "now", "int", "double", "string", "bool", "time",
  ]

  /// Every word that can be called.
  static let names =
    all.map(\.name) + special + AggregateFunction.allCases.map(\.rawValue)

  private init(
    _ name: String, _ about: String, mayFail: Bool = false, _ signatures: Signature...,
    optional: Int = 0
  ) {
    self.name = name
    self.about = about
    self.mayFail = mayFail
    self.signatures = signatures.map {
      Signature(parameters: $0.parameters, optionalCount: optional, result: $0.result)
    }
  }

  private static func number(
    _ name: String, _ about: String, keepsInt: Bool = false, mayFail: Bool = false
  ) -> Function {
    var function = Function(name, about, mayFail: mayFail, [.type(.double)] => .type(.double))
    if keepsInt { function.signatures.insert([.type(.int)] => .type(.int), at: 0) }
    return function
  }
}

infix operator => : AdditionPrecedence

private func => (parameters: [Function.Parameter], result: Function.Result) -> Function.Signature {
  Function.Signature(parameters: parameters, result: result)
}

extension Function {
  /// Whether the function called `name` may be told a time zone, as its second operand.
  public static func takesZone(_ name: String) -> Bool {
    table[name]?.signatures.contains { signature in
      if case .zone = signature.parameters.last { true } else { false }
    } ?? false
  }

  /// The types to which values of `types` are brought when the function is called with them: an int
  /// becomes a double where one is taken; `nil` is a null written out.
  public func operandTypes(for types: [ColumnType?]) -> [ColumnType?] {
    let fitting = signatures.first { signature in
      signature.parameters.count >= types.count
        && zip(types, signature.parameters).allSatisfy { type, parameter in
          guard let type, case .type(let taken) = parameter else { return true }
          return type == taken || type == .int && taken == .double
        }
    }
    guard let fitting else { return types }
    return zip(types, fitting.parameters).map { type, parameter in
      if case .type(let taken) = parameter { taken } else { type }
    }
  }
}

extension Function.Parameter {
  /// What is taken, for a sentence.
  var spoken: String {
    switch self {
    case .type(let type): type.description
    case .scalar: "single value"
    case .list: "list"
    case .element: "element of the list"
    case .vector: "vector"
    case .constant(let range): "whole number from \(range.lowerBound) to \(range.upperBound)"
    case .zone: "zone in quotes"
    }
  }
}

extension Function.Signature {
  /// `(string, int)`, what may be left out in brackets.
  var spoken: String {
    let required = parameters.count - optionalCount
    let parts = parameters.enumerated().map { index, parameter in
      index < required ? parameter.spoken : "[\(parameter.spoken)]"
    }
    return "(" + parts.joined(separator: ", ") + ")"
  }
}
