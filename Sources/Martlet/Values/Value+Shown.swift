public import MartletColumns
public import MartletDiagnostics

extension Value {
  /// The value as a cell of a table shows it.
  public var shown: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): text
    case .time(let instant): "\(instant)"
    case .bytes(let bytes): bytes.hexadecimal
    case .list(let values): "[\(values.map(\.shown).joined(separator: ", "))]"
    case .vector(let numbers): "[\(numbers.map { "\($0)" }.joined(separator: ", "))]"
    }
  }

  /// The value as JSON, by the rules of HTTP's answers: what JSON has no number for is `NaN`, `Infinity` or
  /// `-Infinity`, bytes are base64.
  public var json: JSON {
    switch self {
    case .null: nil
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .double(let number): .number(number)
    case .string(let text): .string(text)
    case .time(let instant): .string("\(instant)")
    case .bytes(let bytes): .string(Base64.text(bytes))
    case .list(let values): .array(values.map(\.json))
    // The shortest digits that read back as the float, not as the double that it is as well.
    case .vector(let numbers):
      .array(numbers.map { .number(Double($0.description) ?? Double($0)) })
    }
  }
}

extension JSON {
  /// A number, or the name of what is none that JSON has.
  public static func number(_ number: Double) -> JSON {
    if number.isFinite { return .double(number) }
    return .string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
  }
}
