public import MartletColumns
import MartletPlan

/// Rows of a set by entity and, within one, by time, with what is to be said of them.
public struct ClusteredBatch: Sendable {
  /// The rows, in the set's `segmentSchema`.
  public let rows: Batch

  /// How many entities they are about.
  public let entityCount: Int

  /// The files that they came from, ascending: a row's last column counts in these.
  public let files: [Int]

  /// The earliest and the latest time; `nil` without rows.
  public let span: ClosedRange<Instant>?

  /// How many rows repeat the id of another row of their entity.
  public let repeatCount: Int

  init(_ rows: Batch, _ plan: SetPlan, entityCount: Int, files: [Int]) {
    self.rows = rows
    self.files = files
    self.entityCount = entityCount
    span = rows.columns[plan.keys.count].timeSpan
    repeatCount = plan.rows.id.isEmpty ? 0 : rows.repeatCount(plan)
  }
}

extension Column {
  /// The earliest and the latest time of a column of times.
  fileprivate var timeSpan: ClosedRange<Instant>? {
    guard case .time(let times) = values, times.count > 0 else { return nil }
    var (first, last) = (Int64.max, Int64.min)
    for row in 0..<times.count {
      first = min(first, times[row])
      last = max(last, times[row])
    }
    return Instant(microseconds: first)...Instant(microseconds: last)
  }
}

extension Batch {
  /// How many of these rows, which lie entity by entity, repeat an id within their entity.
  fileprivate func repeatCount(_ plan: SetPlan) -> Int {
    let keyCount = plan.keys.count
    let ids = columns[
      (keyCount + plan.idColumns.lowerBound)..<(keyCount + plan.idColumns.upperBound)]
    // The id of an entity is one of the whole key, so that one table tells them apart.
    var grouper = Grouper(plan.keys.map(\.type) + ids.map(\.type))
    _ = grouper.groups(of: Array(columns.prefix(keyCount)) + ids)
    return rowCount - grouper.count
  }
}
