public import MartletColumns
public import MartletPlan

/// Makes of a source's rows those that a feature set keeps.
///
/// A row is kept where the set's `where` is true and it has its key, its time and, if the source says
/// when rows became known, that as well: without it the row would be seen too early.
public struct RowKeeper: Sendable {
  private let plan: SetPlan
  private let calculator: Calculator

  /// A keeper of rows for `plan`.
  public init(_ plan: SetPlan, zones: [String: ZoneRules] = [:]) {
    self.plan = plan
    calculator = Calculator(plan.rows.calculation, zones: zones)
  }

  /// The rows that are kept of `rows`, which have at least the columns that the plan reads.
  public func keep(_ rows: Batch) -> (kept: Batch, counts: RowCounts) {
    var counts = RowCounts()
    counts.read = rows.rowCount
    let layout = plan.rows
    var steps = layout.keys + [layout.time]
    if case .at(let step) = layout.known { steps.append(step) }
    if let deleted = layout.deleted { steps.append(deleted) }
    steps += layout.id + layout.values
    var (columns, warnings) = calculator.values(
      of: steps + [layout.filter].compactMap { $0 }, rowCount: rows.rowCount, input: rows.input)
    counts.warnings = warnings
    let filter = layout.filter.map { _ in columns.removeLast().trueRows }
    if case .after(let length) = layout.known {
      columns.insert(columns[plan.keys.count].later(by: length), at: plan.keys.count + 1)
    }
    let clocks = plan.keys.count..<plan.keys.count + (layout.known == nil ? 1 : 2)
    let mask = self.mask(columns, clocks, filter, &counts)
    if let index = plan.deletedColumn.map({ $0 + plan.keys.count }) {
      // What is not known to be a delete is none.
      columns[index] = Column(.bool(columns[index].trueRows.flags))
    }
    let kept = mask.map { mask in columns.map { $0.filtered(by: mask) } } ?? columns
    counts.kept = kept.first?.count ?? 0
    return (Batch(plan.schema, kept, rowCount: counts.kept), counts)
  }

  /// The rows to keep, the others counted by the first reason not to; `nil` for all.
  private func mask(
    _ columns: [Column], _ clocks: Range<Int>, _ filter: Bitmap?, _ counts: inout RowCounts
  ) -> Bitmap? {
    var mask = filter
    counts.filtered = filter.map { counts.read - $0.countSetBits() } ?? 0
    func leaveOut(_ columns: some Sequence<Column>) -> Int {
      let before = mask?.countSetBits() ?? counts.read
      for validity in columns.compactMap(\.validity) {
        mask = mask?.intersection(validity) ?? validity
      }
      return before - (mask?.countSetBits() ?? counts.read)
    }
    counts.withoutKey = leaveOut(columns.prefix(plan.keys.count))
    counts.withoutTime = leaveOut(columns[clocks])
    return mask
  }
}

extension Batch {
  /// The column that a calculation over source rows asks for.
  fileprivate func input(_ input: Calculation.Input, _ type: ColumnType) -> Column {
    guard case .column(let name) = input, let column = column(named: name) else {
      preconditionFailure("\(input) among \(schema)")
    }
    return column
  }
}

extension Column {
  /// The times so much later; null where that is out of range.
  fileprivate func later(by length: TimeLength) -> Column {
    guard case .time(let times) = values else { preconditionFailure("a \(type) is no time") }
    let attempt = attempted(Lane(times, step: 1), times.count, zero: 0) { time -> Int64? in
      let (later, overflow) = time.addingReportingOverflow(length.microseconds)
      return overflow ? nil : later
    }
    let column = Column(.time(attempt.values))
    return [validity, attempt.succeeded].compactMap { $0 }.reduce(column) { $0.keeping($1) }
  }
}
