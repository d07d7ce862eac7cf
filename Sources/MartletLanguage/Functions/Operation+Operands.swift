public import MartletColumns

extension Operation {
  /// The type that each operand is brought to before this is done to them: an int becomes a double
  /// beside doubles, a null that is written out takes the type of its place.
  public func operandTypes(
    of operands: [Expression], giving result: ColumnType
  ) -> [ColumnType] {
    let own = operands.map(\.type)
    switch self {
    case .and, .or, .not: return own.map { _ in .bool }
    case .add, .subtract, .multiply, .divide, .remainder:
      return own.map { _ in result }
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .isIn, .isBetween:
      return own.map { _ in operands.commonType }
    case .choice: return [.bool, result, result]
    case .list:
      guard case .list(let element) = result else { return own }
      return own.map { _ in element }
    case .function("coalesce"), .function("least"), .function("greatest"):
      return own.map { _ in result == .int ? operands.commonType : result }
    case .function("nullif"): return own.map { _ in operands.commonType }
    case .function("int"), .function("double"), .function("string"), .function("bool"),
      .function("time"):
      // A cast, and what stands in where it fails.
      return own.indices.map { $0 == 0 ? own[0] : result }
    case .function(let name):
      let types = operands.map { $0.kind == .literal(.null) ? nil : $0.type }
      let wanted = Function.table[name]?.operandTypes(for: types) ?? types
      return zip(wanted, own).map { $0 ?? $1 }
    case .negate, .concatenate, .addLength, .subtractLength, .isNull: return own
    }
  }
}

extension [Expression] {
  /// The type to which values that stand beside each other are brought: double where one of them is,
  /// else that of the first which is not a null written out.
  fileprivate var commonType: ColumnType {
    let types = filter { $0.kind != .literal(.null) }.map(\.type)
    return types.contains(.double) ? .double : types.first ?? .bool
  }
}
