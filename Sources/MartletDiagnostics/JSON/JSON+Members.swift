extension JSON {
  /// The value of the member called `name`; null where there is none, and of what has no members.
  public func member(_ name: String) -> JSON {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value ?? nil
  }

  /// The elements of an array; none of anything else.
  public var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

  /// The number that it is, whole or not.
  public var number: Double? {
    switch self {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}
