/// A column's name and type.
public struct Field: Hashable, Sendable {
  /// The column's name.
  public var name: String

  /// What its values are.
  public var type: ColumnType

  /// A column called `name`.
  public init(_ name: String, _ type: ColumnType) {
    self.name = name
    self.type = type
  }
}

/// The columns of a batch, in order, each with a name of its own.
public struct Schema: Sendable {
  /// The columns, in order.
  public let fields: [Field]

  private let positions: [String: Int]

  /// A schema of `fields`, or `nil` where two have one name.
  public init?(_ fields: [Field]) {
    var positions: [String: Int] = [:]
    for (position, field) in fields.enumerated() {
      guard positions.updateValue(position, forKey: field.name) == nil else { return nil }
    }
    self.fields = fields
    self.positions = positions
  }

  /// The number of columns.
  public var count: Int { fields.count }

  /// Where the column called `name` stands.
  public func position(of name: String) -> Int? { positions[name] }
}

extension Schema: Hashable {
  public static func == (one: Schema, other: Schema) -> Bool { one.fields == other.fields }

  public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

extension Schema: CustomStringConvertible {
  public var description: String {
    fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
  }
}
