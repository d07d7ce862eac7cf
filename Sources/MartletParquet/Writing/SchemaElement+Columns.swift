import MartletColumns

extension SchemaElement {
  /// The nodes of `schema`, the root first.
  static func nodes(of schema: Schema) -> [SchemaElement] {
    var root = SchemaElement()
    root.name = "schema"
    root.childCount = Int32(schema.count)
    return schema.fields.reduce(into: [root]) { $0 += nodes(of: $1.type, named: $1.name) }
  }

  /// The nodes of one column, which may be null.
  ///
  /// A list takes three: `name (LIST) ▸ list (repeated) ▸ element`. So does a vector, of floats
  /// that are never null; a note in the footer keeps its width.
  private static func nodes(of type: ColumnType, named name: String) -> [SchemaElement] {
    var node = SchemaElement()
    node.name = name
    node.repetition = .optional
    switch type {
    case .bool: node.type = .boolean
    case .int: node.type = .int64
    case .double: node.type = .double
    case .bytes: node.type = .byteArray
    case .string:
      node.type = .byteArray
      node.convertedType = .utf8
      node.logicalType = .string
    case .time:
      node.type = .int64
      node.convertedType = .timestampMicros
      node.logicalType = .timestamp(.microseconds, isUTC: true)
    case .list(let element):
      return list(node, of: nodes(of: element, named: "element"))
    case .vector:
      var element = SchemaElement()
      element.name = "element"
      element.repetition = .required
      element.type = .float
      return list(node, of: [element])
    }
    return [node]
  }

  private static func list(_ node: SchemaElement, of element: [SchemaElement]) -> [SchemaElement] {
    var outer = node
    outer.childCount = 1
    outer.convertedType = .list
    outer.logicalType = .list
    var middle = SchemaElement()
    middle.name = "list"
    middle.repetition = .repeated
    middle.childCount = 1
    return [outer, middle] + element
  }

  /// The note that keeps the width of the vectors in `column`.
  static func widthNote(of column: String, width: Int) -> KeyValue {
    KeyValue(key: "martlet.vector.\(column)", value: String(width))
  }
}
