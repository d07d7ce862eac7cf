import MartletColumns

extension SchemaElement {
  /// The nodes of `schema`, the root first; those of `stored` columns as they were.
  static func nodes(of schema: Schema, stored: [String: StoredColumn]) -> [SchemaElement] {
    var tree: [SchemaNode] = []
    for field in schema.fields {
      if let nodes = stored[field.name]?.nodes {
        SchemaNode.insert(nodes[...], into: &tree)
      } else {
        let nodes = nodes(of: field.type, named: field.name)
        SchemaNode.insert(nodes[...], into: &tree)
      }
    }
    var root = SchemaElement()
    root.name = "schema"
    root.childCount = Int32(tree.count)
    return [root] + tree.flatMap(\.elements)
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

/// A node of a schema with those below it.
private struct SchemaNode {
  var element: SchemaElement
  var children: [SchemaNode] = []

  /// Inserts the nodes on the way to a column, each below the one before. Columns that follow each
  /// other share the groups that they have in common.
  static func insert(_ way: ArraySlice<SchemaElement>, into siblings: inout [SchemaNode]) {
    guard let first = way.first else { return }
    let last = siblings.indices.last
    if first.type == nil, let last, siblings[last].element == first {
      insert(way.dropFirst(), into: &siblings[last].children)
    } else {
      var node = SchemaNode(element: first)
      insert(way.dropFirst(), into: &node.children)
      siblings.append(node)
    }
  }

  /// This node and those below, depth first.
  var elements: [SchemaElement] {
    var element = element
    if element.type == nil { element.childCount = Int32(children.count) }
    return [element] + children.flatMap(\.elements)
  }
}
