public import MartletColumns
import MartletPlan

/// Rows of a set by entity and, within one, by time: their order is known, and they are put into it
/// stretch by stretch, so that they are not there twice.
public struct RowsInOrder: Sendable {
  /// The files that the rows came from, ascending: a row's last column counts in these.
  public let files: [Int]

  /// How many rows repeat the id of another row of their entity.
  public let repeatCount: Int

  private let schema: Schema
  private let columns: [PartedColumn]
  private let rows: PartedRows
  private let order: Buffer<Int32>

  init(
    _ columns: [PartedColumn], _ rows: PartedRows, by order: Buffer<Int32>, _ schema: Schema,
    files: [Int], repeatCount: Int
  ) {
    self.columns = columns
    self.rows = rows
    self.order = order
    self.schema = schema
    self.files = files
    self.repeatCount = repeatCount
  }

  /// How many rows there are.
  public var count: Int { order.count }

  /// The rows in `range` of the order, in the set's `segmentSchema`.
  ///
  /// - Parameter forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as
  ///   there are.
  public func rows(
    in range: Range<Int>,
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) -> Batch {
    let order = order.slice(range)
    let places = rows.places(of: order.span)
    let gathered = ColumnSlots<Column>(count: columns.count)
    let columns = columns
    forEach(columns.count) { index in
      gathered.set(index, columns[index].gathered(at: order.span, from: places))
    }
    return Batch(schema, gathered.all, rowCount: range.count)
  }
}
