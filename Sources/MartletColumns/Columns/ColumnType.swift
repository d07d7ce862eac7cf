/// What the values of a column are.
public enum ColumnType: Hashable, Sendable {
  case bool
  case int
  case double
  case string
  case time
  case bytes
  indirect case list(ColumnType)
  case vector(width: Int)
}

extension ColumnType: CustomStringConvertible {
  /// The type as the language writes it.
  public var description: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .double: "double"
    case .string: "string"
    case .time: "time"
    case .bytes: "bytes"
    case .list(let element): "list of \(element)"
    case .vector(let width): "vector(\(width))"
    }
  }
}

extension ColumnType {
  /// Whether rows can be told apart and grouped by values of this type.
  public var canBeKey: Bool {
    switch self {
    case .list, .vector: false
    default: true
    }
  }
}
