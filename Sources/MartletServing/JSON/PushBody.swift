import MartletColumns
import MartletDiagnostics

/// Pushed rows, read as a source's columns.
enum PushBody {
  /// Reads JSON Lines: an object a line, empty lines apart.
  static func lines(
    _ bytes: UnsafeRawBufferPointer, _ schema: Schema
  ) throws(Problem) -> Batch {
    var rows = PushedRows(schema)
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      start = end + 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      try rows.read { reader in
        reader.restart(line)
        try rows.append(&reader)
        try reader.end()
      }
    }
    return rows.finish()
  }

  /// Reads an array of objects.
  static func array(
    _ bytes: UnsafeRawBufferPointer, _ schema: Schema
  ) throws(Problem) -> Batch {
    var rows = PushedRows(schema)
    try rows.read { reader in
      reader.restart(bytes)
      guard try reader.nextKind() == .array else {
        throw Problem.wrong("wrong-type", "the body must be an array of objects", at: nil)
      }
      try reader.beginArray()
      while try reader.nextElement() { try rows.append(&reader) }
      try reader.end()
    }
    return rows.finish()
  }

  /// Reads Feast's `{"push_source_name": …, "df": {column: […]}}`.
  ///
  /// - Parameter target: The source of a name and its columns. Columns that it has not are dropped:
  ///   Feast's clients always send some of their own.
  static func feast(
    _ bytes: UnsafeRawBufferPointer,
    _ target: (String) throws(Problem) -> (source: PushedSource, schema: Schema)
  ) throws(Problem) -> (source: String, rows: Batch) {
    do {
      var source: String?
      var frame: Range<Int>?
      var reader = JSONReader(bytes)
      guard try reader.nextKind() == .object else {
        throw Problem.wrong("wrong-type", "the body must be an object", at: nil)
      }
      try reader.beginObject()
      while let name = try reader.nextName() {
        if name == "push_source_name" || name == "feature_view_name" {
          guard try reader.nextKind() == .string else {
            throw Problem.wrong("wrong-type", "a text is wanted", at: name)
          }
          source = try reader.readString()
        } else if name == "df" {
          guard try reader.nextKind() == .object else {
            throw Problem.wrong("wrong-type", "an object of arrays is wanted", at: name)
          }
          let start = reader.offset
          try reader.skip()
          frame = start..<reader.offset
        } else {
          try reader.skip()
        }
      }
      try reader.end()
      guard let source else {
        throw Problem.wrong("missing-member", "the source is not named", at: "push_source_name")
      }
      guard let frame else { throw Problem.wrong("missing-member", "there are no rows", at: "df") }
      let part = UnsafeRawBufferPointer(rebasing: bytes[frame])
      let (found, schema) = try target(source)
      return (found.name, try columns(of: part, schema, found.columns))
    } catch let problem as Problem {
      throw problem
    } catch let error as JSONError {
      throw .malformed(error)
    } catch {
      throw .jsonFailure(error, at: "")
    }
  }

  private static func columns(
    of bytes: UnsafeRawBufferPointer, _ schema: Schema, _ otherNames: [String: String]
  ) throws -> Batch {
    var columns = [Column?](repeating: nil, count: schema.count)
    var reader = JSONReader(bytes)
    try reader.beginObject()
    while let name = try reader.nextName() {
      // A column's own name goes before what Feast calls it.
      let ownName = schema.position(of: name) == nil ? otherNames[name] ?? name : name
      guard let position = schema.position(of: ownName),
        name == ownName || columns[position] == nil
      else {
        try reader.skip()
        continue
      }
      columns[position] = try Column(
        reading: &reader, as: schema.fields[position].type, at: "df.\(name)")
    }
    let rowCount = columns.compactMap { $0?.count }.first ?? 0
    for (field, column) in zip(schema.fields, columns) {
      if let column, column.count != rowCount {
        throw Problem.wrong(
          "unequal-lengths", "`\(field.name)` has \(column.count) values and others \(rowCount)",
          at: "df.\(field.name)")
      }
    }
    return Batch(
      schema,
      zip(schema.fields, columns).map { $1 ?? .nulls(of: $0.type, count: rowCount) },
      rowCount: rowCount)
  }
}

/// Rows under construction. A column that a row does not name is null.
private struct PushedRows {
  private let schema: Schema
  private let builders: [ColumnBuilder]
  private var rowCount = 0

  init(_ schema: Schema) {
    self.schema = schema
    builders = schema.fields.map { ColumnBuilder($0.type) }
  }

  /// Reads with `body` and says what is wrong in terms of rows.
  func read(_ body: (inout JSONReader) throws -> Void) throws(Problem) {
    var reader = JSONReader(UnsafeRawBufferPointer(start: nil, count: 0))
    do {
      try body(&reader)
    } catch let problem as Problem {
      throw problem
    } catch let error as JSONError {
      var problem = Problem.malformed(error)
      problem.field = "row \(rowCount + 1)"
      throw problem
    } catch {
      throw .jsonFailure(error, at: "row \(rowCount + 1)")
    }
  }

  mutating func append(_ reader: inout JSONReader) throws {
    guard try reader.nextKind() == .object else {
      throw Problem.wrong("wrong-type", "a row must be an object", at: "row \(rowCount + 1)")
    }
    try reader.beginObject()
    while let name = try reader.nextName() {
      guard let position = schema.position(of: name) else {
        let near = nearName(to: name, among: schema.fields.map(\.name))
        let suggestion = near.map { "; is `\($0)` meant?" } ?? ""
        throw Problem.wrong(
          "unknown-column", "the source has no column `\(name)`\(suggestion)",
          at: "row \(rowCount + 1).\(name)")
      }
      let builder = builders[position]
      guard builder.count == rowCount else {
        throw JSONError(reason: .duplicateName(name), offset: 0)
      }
      do {
        let value = try reader.value(of: builder.type, at: { name }, rowCount)
        guard builder.append(value) else {
          throw Problem.wrongType(builder.type, at: name, rowCount)
        }
      } catch var problem as Problem {
        // Columns are told by position, as questions have them; rows by number, as lines have them.
        let position = "\(name)[\(rowCount)]"
        if let field = problem.field, field.hasPrefix(position) {
          problem.field = "row \(rowCount + 1).\(name)" + field.dropFirst(position.count)
        }
        throw problem
      }
    }
    rowCount += 1
    for builder in builders where builder.count < rowCount { builder.appendNull() }
  }

  func finish() -> Batch { Batch(schema, builders.map { $0.finish() }, rowCount: rowCount) }
}
