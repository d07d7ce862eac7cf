/// Rows: columns of one length, with names.
public struct Batch: Sendable, Equatable {
  /// The columns' names and types.
  public let schema: Schema

  /// The columns, in the schema's order.
  public let columns: [Column]

  /// The number of rows.
  public let rowCount: Int

  /// Rows of `columns`, which must have the schema's types and `rowCount` rows each.
  public init(_ schema: Schema, _ columns: [Column], rowCount: Int) {
    precondition(columns.count == schema.count, "\(columns.count) columns for \(schema)")
    for (field, column) in zip(schema.fields, columns) {
      precondition(column.type == field.type, "`\(field.name)` is \(column.type)")
      precondition(column.count == rowCount, "`\(field.name)` has \(column.count) rows")
    }
    self.schema = schema
    self.columns = columns
    self.rowCount = rowCount
  }

  /// The column called `name`.
  public func column(named name: String) -> Column? {
    schema.position(of: name).map { columns[$0] }
  }

  /// The rows in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> Batch {
    Batch(schema, columns.map { $0.slice(range) }, rowCount: range.count)
  }
}
