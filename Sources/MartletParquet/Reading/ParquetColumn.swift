public import MartletColumns

/// A column of a Parquet file: values of one kind, in a place of their own in the schema's tree.
public struct ParquetColumn: Sendable {
  /// The column's name: the names of the groups around it and its own, joined by dots. What only
  /// makes a list of it adds nothing.
  public let name: String

  /// What its values are here, or why it cannot be read.
  public let type: Result<ColumnType, ParquetError>

  /// How the file stores values.
  public let physicalType: PhysicalType

  /// What the file says that values mean.
  public let logicalType: LogicalType?

  /// The nodes of the schema's tree from below the root down to the values.
  let nodes: [SchemaElement]

  let shape: ColumnShape
  let rule: ValueRule?

  /// The bytes of each value, where all have as many.
  let fixedByteCount: Int?
}

extension ParquetColumn {
  /// The columns of the tree that `elements` write down, in their order.
  static func all(in elements: [SchemaElement]) throws(ParquetError) -> [ParquetColumn] {
    var tree = SchemaTree(elements: elements)
    return try tree.columns()
  }
}

/// A walk over a schema's nodes, depth first.
private struct SchemaTree {
  let elements: [SchemaElement]
  private var next = 0
  /// The nodes from below the root to the one that is visited.
  private var path: [SchemaElement] = []
  private var found: [ParquetColumn] = []

  init(elements: [SchemaElement]) { self.elements = elements }

  mutating func columns() throws(ParquetError) -> [ParquetColumn] {
    guard let root = elements.first, root.type == nil || elements.count == 1 else {
      throw .damaged("the schema has no root")
    }
    next = 1
    try visitChildren(of: root, names: [], ColumnShape(), depth: 0)
    guard next == elements.count else { throw .damaged("the schema has nodes outside its tree") }
    return found
  }

  private mutating func visitChildren(
    of group: SchemaElement, names: [String], _ shape: ColumnShape, depth: Int
  ) throws(ParquetError) {
    guard depth < ColumnShape.mostLevels else { throw .damaged("the schema is nested too deep") }
    guard let count = group.childCount, count >= 0, Int(count) <= elements.count - next else {
      throw .damaged("the group `\(group.name)` claims children that are not there")
    }
    for _ in 0..<count { try visitNode(names: names, shape, depth: depth + 1) }
  }

  private mutating func visitNode(
    names: [String], _ shape: ColumnShape, depth: Int
  ) throws(ParquetError) {
    guard next < elements.count else { throw .damaged("the schema ends too early") }
    let node = elements[next]
    next += 1
    path.append(node)
    defer { path.removeLast() }
    let inner = shape.entering(node.repetition, listPresentAt: nil)
    if node.type != nil {
      addColumn(node, names + [node.name], inner)
    } else if node.isList, node.repetition != .repeated {
      try visitList(node, names: names + [node.name], inner, depth: depth)
    } else if node.isMap, node.repetition != .repeated {
      try visitMap(node, names: names + [node.name], inner, depth: depth)
    } else {
      try visitChildren(of: node, names: names + [node.name], inner, depth: depth)
    }
  }

  /// Visits what a list repeats, by the rules that tell lists of two levels from those of three.
  private mutating func visitList(
    _ list: SchemaElement, names: [String], _ shape: ColumnShape, depth: Int
  ) throws(ParquetError) {
    guard list.childCount == 1, next < elements.count, elements[next].repetition == .repeated
    else { return try visitChildren(of: list, names: names, shape, depth: depth) }
    let middle = elements[next]
    next += 1
    path.append(middle)
    defer { path.removeLast() }
    let inner = shape.entering(.repeated, listPresentAt: nil)
    if middle.type != nil {
      addColumn(middle, names, inner)
    } else if middle.childCount == 1, !middle.isElement(of: list), next < elements.count {
      try visitElement(names: names, inner, depth: depth + 1)
    } else {
      try visitChildren(of: middle, names: names, inner, depth: depth + 1)
    }
  }

  /// Visits the one child of a list's middle level, whose name says nothing.
  private mutating func visitElement(
    names: [String], _ shape: ColumnShape, depth: Int
  ) throws(ParquetError) {
    guard depth < ColumnShape.mostLevels else { throw .damaged("the schema is nested too deep") }
    let element = elements[next]
    next += 1
    path.append(element)
    defer { path.removeLast() }
    let inner = shape.entering(element.repetition, listPresentAt: nil)
    if element.type != nil {
      addColumn(element, names, inner)
    } else if element.isList, element.repetition != .repeated {
      try visitList(element, names: names, inner, depth: depth)
    } else if element.isMap, element.repetition != .repeated {
      try visitMap(element, names: names, inner, depth: depth)
    } else {
      try visitChildren(of: element, names: names, inner, depth: depth)
    }
  }

  /// A map is a list of keys beside a list of values.
  private mutating func visitMap(
    _ map: SchemaElement, names: [String], _ shape: ColumnShape, depth: Int
  ) throws(ParquetError) {
    guard map.childCount == 1, next < elements.count, elements[next].repetition == .repeated,
      elements[next].type == nil
    else { return try visitChildren(of: map, names: names, shape, depth: depth) }
    let pair = elements[next]
    next += 1
    path.append(pair)
    defer { path.removeLast() }
    let inner = shape.entering(.repeated, listPresentAt: nil)
    try visitChildren(of: pair, names: names, inner, depth: depth + 1)
  }

  private mutating func addColumn(
    _ node: SchemaElement, _ names: [String], _ shape: ColumnShape
  ) {
    let name = names.joined(separator: ".")
    let physical = node.type ?? .boolean
    let meaning = node.meaning
    let length = node.typeLength.map { Int($0) }
    let rule = Result { () throws(ParquetError) in
      guard shape.definition < ColumnShape.mostLevels else {
        throw .unsupported("columns nested as deep as this one")
      }
      return try ValueRule(physical, meaning, byteCount: length)
    }.mapError { $0.within(.init(column: name)) }
    let type = rule.map { rule in
      shape.lists.reduce(rule.columnType) { type, _ in .list(type) }
    }
    found.append(
      ParquetColumn(
        name: name, type: type, physicalType: physical, logicalType: meaning, nodes: path,
        shape: shape,
        rule: try? rule.get(),  // `type` holds the error.
        fixedByteCount: physical == .int96 ? 12 : physical == .fixedLengthByteArray ? length : nil))
  }
}

extension SchemaElement {
  fileprivate var isList: Bool { logicalType == .list || convertedType == .list }

  fileprivate var isMap: Bool {
    logicalType == .map || convertedType == .map || convertedType == .mapKeyValue
  }

  /// Whether this repeated group of one child is the element itself, as old writers have it, and
  /// no mere level between `list` and its element.
  fileprivate func isElement(of list: SchemaElement) -> Bool {
    name == "array" || name == "\(list.name)_tuple"
  }

  /// What the node means: its logical type, or what stands for one in older files.
  fileprivate var meaning: LogicalType? {
    if let logicalType { return logicalType }
    switch convertedType {
    case .utf8?: return .string
    case .enum?: return .enum
    case .decimal?: return .decimal(scale: Int(scale ?? 0), precision: Int(precision ?? 0))
    case .date?: return .date
    case .timeMillis?: return .time(.milliseconds, isUTC: true)
    case .timeMicros?: return .time(.microseconds, isUTC: true)
    case .timestampMillis?: return .timestamp(.milliseconds, isUTC: true)
    case .timestampMicros?: return .timestamp(.microseconds, isUTC: true)
    case .uint8?: return .integer(bitWidth: 8, isSigned: false)
    case .uint16?: return .integer(bitWidth: 16, isSigned: false)
    case .uint32?: return .integer(bitWidth: 32, isSigned: false)
    case .uint64?: return .integer(bitWidth: 64, isSigned: false)
    case .int8?: return .integer(bitWidth: 8, isSigned: true)
    case .int16?: return .integer(bitWidth: 16, isSigned: true)
    case .int32?: return .integer(bitWidth: 32, isSigned: true)
    case .int64?: return .integer(bitWidth: 64, isSigned: true)
    case .json?: return .json
    case .bson?: return .bson
    case .interval?: return .newer(21)
    default: return nil
    }
  }
}
