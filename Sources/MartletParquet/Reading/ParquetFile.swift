public import MartletColumns

/// A Parquet file whose footer has been read.
///
/// It is a value without state: any number of readers may use it at once.
public struct ParquetFile: Sendable {
  /// What the footer says.
  public let metadata: FileMetadata

  /// The file's columns, in order.
  public let columns: [ParquetColumn]

  /// The number of rows.
  public let rowCount: Int

  let source: any ByteSource

  /// Reads the footer of `source`.
  public init(_ source: any ByteSource) throws(ParquetError) {
    self.source = source
    do throws(ParquetError) {
      metadata = try Footer.read(from: source)
      columns = try ParquetColumn.all(in: metadata.schema)
      rowCount = try metadata.checkedRowCount(columnCount: columns.count)
    } catch { throw error.within(.init(part: "the footer")) }
  }

  /// Where the column called `name` stands.
  public func position(of name: String) -> Int? { columns.firstIndex { $0.name == name } }

  /// The positions of the columns called `names`, or of all where nothing is said.
  public func positions(of names: [String]?) throws(ParquetError) -> [Int] {
    guard let names else { return Array(columns.indices) }
    var positions: [Int] = []
    // One look through all columns is enough for few names, and too much for each of many.
    let known =
      names.count > 8
      ? Dictionary(
        zip(columns.map(\.name), columns.indices), uniquingKeysWith: { first, _ in first }) : nil
    for name in names {
      guard let position = known.map({ $0[name] }) ?? position(of: name) else {
        throw .unsupported("a column `\(name)`, which the file does not have")
      }
      positions.append(position)
    }
    return positions
  }

  /// The names and types of the columns at `positions`.
  public func schema(of positions: [Int]) throws(ParquetError) -> Schema {
    try schema(of: positions, as: [:])
  }

  /// The names and types of the columns at `positions`; those that are `stored`, as they are carried.
  func schema(
    of positions: [Int], as stored: [String: StoredColumn]
  ) throws(ParquetError) -> Schema {
    var fields: [Field] = []
    for position in positions {
      let column = columns[position]
      if let stored = stored[column.name] {
        fields.append(Field(column.name, stored.carrier))
      } else {
        fields.append(Field(column.name, try column.type.get()))
      }
    }
    guard let schema = Schema(fields) else { throw .unsupported("two columns of one name") }
    return schema
  }

  /// `positions`, with columns of one group of the schema in the file's order behind the first of them.
  func grouped(_ positions: [Int]) -> [Int] {
    var groups: [String: [Int]] = [:]
    for position in positions {
      groups[columns[position].nodes.first?.name ?? "", default: []].append(position)
    }
    return positions.flatMap { position in
      groups.removeValue(forKey: columns[position].nodes.first?.name ?? "")?.sorted() ?? []
    }
  }

  /// How the columns at `positions` are stored, by their names, for a writer to store them the same.
  public func stored(_ positions: [Int]) throws(ParquetError) -> [String: StoredColumn] {
    var stored: [String: StoredColumn] = [:]
    for position in positions {
      let column = columns[position]
      do throws(ParquetError) { stored[column.name] = try StoredColumn(column) } catch {
        throw error.within(.init(column: column.name))
      }
    }
    return stored
  }

  /// All rows of one column in one row group.
  public func read(
    column position: Int, ofRowGroup index: Int, as form: ValueForm = .meant
  ) throws(ParquetError) -> Column {
    try cursor(position, index, as: form).read(Int(metadata.rowGroups[index].rowCount))
  }

  func cursor(
    _ position: Int, _ index: Int, as form: ValueForm
  ) throws(ParquetError) -> ColumnCursor {
    let rowGroup = metadata.rowGroups[index]
    return try ColumnCursor(
      columns[position], source, rowGroup.columns[position], rowCount: Int(rowGroup.rowCount),
      rowGroup: index, as: form)
  }
}

extension Footer {
  /// The metadata that `source` ends with.
  static func read(from source: any ByteSource) throws(ParquetError) -> FileMetadata {
    let byteCount = source.byteCount
    guard byteCount >= magic.count + tailByteCount else {
      throw ParquetError(.notParquet("\(byteCount) bytes are too few"))
    }
    let room = Room()
    let tail = room.reserve(tailByteCount)
    try source.fill(tail, from: byteCount - tailByteCount)
    let size = try metadataByteCount(
      tail: UnsafeRawBufferPointer(tail), fileByteCount: byteCount)
    let bytes = room.reserve(size)
    try source.fill(bytes, from: byteCount - tailByteCount - size)
    return try CompactReader.read(FileMetadata.self, from: UnsafeRawBufferPointer(bytes)).value
  }
}

extension FileMetadata {
  /// The rows of all row groups, which must agree with what is said of them.
  fileprivate func checkedRowCount(columnCount: Int) throws(ParquetError) -> Int {
    var total = 0
    for (index, rowGroup) in rowGroups.enumerated() {
      let (sum, isOver) = total.addingReportingOverflow(Int(rowGroup.rowCount))
      guard rowGroup.rowCount >= 0, !isOver else {
        throw .damaged("row group \(index) claims \(rowGroup.rowCount) rows")
      }
      guard rowGroup.columns.count == columnCount else {
        throw .damaged(
          "row group \(index) has \(rowGroup.columns.count) columns, the schema \(columnCount)")
      }
      total = sum
    }
    guard total == rowCount else {
      throw .damaged("the file claims \(rowCount) rows, its row groups \(total)")
    }
    return total
  }
}
