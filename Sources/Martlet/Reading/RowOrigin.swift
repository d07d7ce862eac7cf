import MartletColumns
import MartletPlan

/// Where a set's rows come from when questions about it are answered: its source's files, or the
/// segments of the store.
protocol RowOrigin: Sendable {
  /// Reads all rows of `set`, several stretches at a time, and hands over what `gather` made of each,
  /// in one order whatever the threads do.
  ///
  /// - Parameter gather: Takes in rows as the set keeps them, a batch at a time.
  func read<Gathered: Sendable>(
    _ set: SetPlan, _ report: inout DraftReport, into empty: Gathered,
    _ gather: @escaping @Sendable (inout Gathered, Batch) -> Void
  ) throws -> [Gathered]
}
