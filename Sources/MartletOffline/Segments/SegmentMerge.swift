import MartletColumns
import MartletEngine
public import MartletPlan

/// Makes one segment of several, in memory that does not grow with them.
///
///     segment  │ a a b │ b c …        of each the rows at hand; all that stand no later than the
///     segment  │ a c   │ d …          first end among them are complete, and go out together
///     out      │ a a a b b │ …
///
/// Rows of withdrawn files are left behind.
public struct SegmentMerge {
  private let plan: SetPlan
  private let inputs: [(reader: SegmentReader, files: [Int])]
  private let files: [Int]
  private let memory: Int

  /// A merge of segments of `plan`, each with the numbers of its files.
  ///
  /// - Parameters:
  ///   - files: The files whose rows the result has.
  ///   - memory: About how many bytes it may take.
  public init(
    _ plan: SetPlan, _ inputs: [(reader: SegmentReader, files: [Int])], files: [Int],
    memory: Int
  ) {
    self.plan = plan
    self.inputs = inputs
    self.files = files
    self.memory = memory
  }

  /// Writes the rows of all as one segment and seals it; `nil` where no row is left.
  public func write(
    into folder: SegmentFolder, run: Int, piece: Int, repeatCount: Int,
    forEach: @escaping (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void,
    checkpoint: () throws -> Void
  ) throws -> SealedSegment? {
    var writer = try SegmentWriter(plan, in: folder, run: run, piece: piece, forEach: forEach)
    // The rows at hand, those that go out, and what is decoded on the way, each take a part.
    let share = memory / 8 / max(inputs.count, 1)
    var cursors = inputs.map { SegmentCursor($0.reader, byteCount: share) }
    var rowCount = 0
    while true {
      try checkpoint()
      for index in cursors.indices { try cursors[index].fill() }
      let ends = cursors.compactMap { cursor in
        cursor.rows.map { RowPosition($0, $0.rowCount - 1, plan) }
      }
      guard let frontier = ends.min() else { break }
      var clusterer = RowClusterer(plan)
      for index in cursors.indices {
        guard let rows = cursors[index].rows else { continue }
        let count = rows.count(upTo: frontier, plan)
        clusterer.add(rows.slice(0..<count), ofSegmentFrom: inputs[index].files)
        cursors[index].drop(count)
      }
      guard let clustered = clusterer.finish(files: files, forEach: forEach) else {
        throw OfflineError(attempt: "merging segments of `\(plan.name)`", reason: .tooMuchText)
      }
      rowCount += clustered.count
      try writer.append(clustered.rows(in: 0..<clustered.count, forEach: forEach))
    }
    guard rowCount > 0 else { return nil }
    return try writer.seal(repeatCount: repeatCount)
  }
}

/// The rows at hand of one segment that is read from its beginning to its end.
private struct SegmentCursor {
  private let reader: SegmentReader
  private let byteCount: Int
  private var next = 0

  /// Rows read at a time: few at first, then as many as take `byteCount`.
  private var stretchRowCount = 1 << 12

  /// The rows at hand; `nil` while there are none.
  private(set) var rows: Batch?

  init(_ reader: SegmentReader, byteCount: Int) {
    self.reader = reader
    self.byteCount = byteCount
  }

  /// Gets rows where none are at hand and some are left.
  mutating func fill() throws {
    while rows == nil, next < reader.rowCount {
      let end = min(next + stretchRowCount, reader.rowCount)
      var parts: [Batch] = []
      try reader.readWithFiles(next..<end) { parts.append($0) }
      next = end
      rows = try Batch.joined(parts)
      guard let rows, rows.rowCount > 0 else { continue }
      let fitting = byteCount / max(rows.heldByteCount / rows.rowCount, 1)
      stretchRowCount = min(max(fitting, 1 << 10), 1 << 17)
    }
  }

  /// Gives up the first `count` rows.
  mutating func drop(_ count: Int) {
    guard let held = rows else { return }
    rows = count < held.rowCount ? held.slice(count..<held.rowCount) : nil
  }
}

extension Batch {
  /// The rows of `parts`, one after the other; `nil` of none.
  fileprivate static func joined(_ parts: [Batch]) throws(OfflineError) -> Batch? {
    guard let first = parts.first else { return nil }
    if parts.count == 1 { return first }
    var columns: [Column] = []
    for (index, field) in first.schema.fields.enumerated() {
      guard let column = Column.concatenated(parts.map { $0.columns[index] }, of: field.type)
      else { throw OfflineError(attempt: "merging segments", reason: .tooMuchText) }
      columns.append(column)
    }
    return Batch(first.schema, columns, rowCount: parts.reduce(0) { $0 + $1.rowCount })
  }
}
