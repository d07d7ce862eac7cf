import MartletColumns
import MartletEngine
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

  /// The entities that rows of `set` are about, with what is known by `moment`.
  func entities(of set: SetPlan, _ keys: [Field], until moment: Instant) throws -> [EntityCollector]

  /// About how many bytes all rows of `set` take once they are gathered; 0 where they are in memory
  /// anyway.
  func byteCount(of set: SetPlan) throws -> Int

  /// A way to the rows of some entities alone, where rows lie by entity; `nil` where all must be read.
  func clusteredRows(of set: SetPlan) throws -> (any ClusteredOrigin)?
}

extension RowOrigin {
  func byteCount(of set: SetPlan) throws -> Int { 0 }

  func entities(
    of set: SetPlan, _ keys: [Field], until moment: Instant
  ) throws -> [EntityCollector] {
    var unused = DraftReport()
    return try read(set.withoutValues, &unused, into: EntityCollector(keys, until: moment)) {
      $0.add($1)
    }
  }
}

extension SetPlan {
  /// About how many bytes a gathered row takes: a word for each value, two for a text.
  var bytesPerRow: Int {
    schema.fields.reduce(0) { sum, field in
      switch field.type {
      case .bool, .int, .double, .time: sum + 8
      case .string, .bytes, .list: sum + 16
      case .vector(let width): sum + 4 * width
      }
    }
  }
}

/// Where a set's rows lie by entity, so that a range of entities is read by itself.
protocol ClusteredOrigin: Sendable {
  /// About how many rows there are.
  var rowCount: Int { get }

  /// What can be said of the rows before they are read.
  var facts: DraftReport.SetReport { get }

  /// The rows that the questions of `part` need, and how many were read for it. Any number of threads
  /// may ask at once.
  func rows(for part: QuestionPart) throws -> (rows: RowCollector, read: Int)
}
