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

  /// Rows read of a segment at a time.
  private static let stretchRowCount = 1 << 16

  /// A merge of segments of `plan`, each with the numbers of its files.
  ///
  /// - Parameter files: The files whose rows the result has.
  public init(
    _ plan: SetPlan, _ inputs: [(reader: SegmentReader, files: [Int])], files: [Int]
  ) {
    self.plan = plan
    self.inputs = inputs
    self.files = files
  }

  /// Writes the rows of all as one segment and seals it; `nil` where no row is left.
  public func write(
    into folder: SegmentFolder, run: Int, piece: Int, repeatCount: Int,
    forEach: @escaping (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void,
    checkpoint: () throws -> Void
  ) throws -> SealedSegment? {
    var writer = try SegmentWriter(plan, in: folder, run: run, piece: piece, forEach: forEach)
    var cursors = inputs.map { SegmentCursor($0.reader, stretchRowCount: Self.stretchRowCount) }
    var tally = MergeTally()
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
      tally.add(clustered, plan)
      try writer.append(clustered.rows)
    }
    guard tally.rowCount > 0 else { return nil }
    return try writer.seal(
      entityCount: tally.entityCount, span: tally.span, repeatCount: repeatCount)
  }
}

/// What is to be said of merged rows.
private struct MergeTally {
  var rowCount = 0
  var entityCount = 0
  var span: ClosedRange<Instant>?
  private var last: RowPosition?

  mutating func add(_ rows: ClusteredBatch, _ plan: SetPlan) {
    guard rows.rows.rowCount > 0, let added = rows.span else { return }
    rowCount += rows.rows.rowCount
    entityCount += rows.entityCount
    let first = RowPosition(rows.rows, 0, plan)
    if let last, last.isOfSameEntity(as: first) { entityCount -= 1 }
    last = RowPosition(rows.rows, rows.rows.rowCount - 1, plan)
    span =
      span.map {
        min($0.lowerBound, added.lowerBound)...max($0.upperBound, added.upperBound)
      } ?? added
  }
}

/// The rows at hand of one segment that is read from its beginning to its end.
private struct SegmentCursor {
  private let reader: SegmentReader
  private let stretchRowCount: Int
  private var next = 0

  /// The rows at hand; `nil` while there are none.
  private(set) var rows: Batch?

  init(_ reader: SegmentReader, stretchRowCount: Int) {
    self.reader = reader
    self.stretchRowCount = stretchRowCount
  }

  /// Gets rows where none are at hand and some are left.
  mutating func fill() throws {
    while rows == nil, next < reader.rowCount {
      let end = min(next + stretchRowCount, reader.rowCount)
      var parts: [Batch] = []
      try reader.readWithFiles(next..<end) { parts.append($0) }
      next = end
      rows = try Batch.joined(parts)
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
