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

  /// The value as JSON; what JSON has no number for is its name.
  public var json: JSON {
    switch self {
    case .null: nil
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .double(let number): number.isFinite ? .double(number) : .string("\(number)")
    case .string(let text): .string(text)
    case .time(let instant): .string("\(instant)")
    case .bytes(let bytes): .string(bytes.hexadecimal)
    case .list(let values): .array(values.map(\.json))
    case .vector(let numbers): .array(numbers.map { Value.double(Double($0)).json })
    }
  }
}
