public import MartletColumns
import Synchronization

/// Reads rows of a file from the first to the last, a batch at a time, in memory that does not grow
/// with the file.
///
/// A batch lies within one row group. The columns of a batch may be read at the same time, where the
/// caller has a way to do things at the same time. The reader itself belongs to one thread.
public struct BatchReader: ~Copyable {
  /// The columns that are read.
  public let schema: Schema

  /// How the file stores them, where they are read as they are stored: for `WritingOptions.stored`.
  public let stored: [String: StoredColumn]

  /// Calls a function with each of 0, 1, … up to a count, in any order, at the same time or not,
  /// and returns when all calls have.
  public typealias ForEach = (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void

  private let file: ParquetFile
  private let positions: [Int]
  private let form: ValueForm
  private let batchRowCount: Int
  private let forEach: ForEach

  /// The rows that are left.
  private var ranges: ArraySlice<Range<Int>>
  private var rowGroup = 0
  private var cursors: [ColumnCursor] = []
  /// The rows of the row group that is read, and the first that the cursors have not passed.
  private var open = 0..<0
  private var row = 0

  /// How many times read so far were floored to a whole microsecond.
  public private(set) var flooredCount = 0

  /// The `rows` of `columns` in `file`, in batches of `batchRowCount` at most.
  ///
  /// Two readers of the same rows and batches, one for what is meant and one for what is stored, give
  /// batches of the same rows. What is stored in one group stands together, where its first column
  /// was asked for.
  public init(
    _ file: ParquetFile, columns: [String]? = nil, rows: Range<Int>? = nil,
    batchRowCount: Int = 65_536, as form: ValueForm = .meant,
    forEach: @escaping ForEach = BatchReader.oneByOne
  ) throws(ParquetError) {
    try self.init(
      file, columns: columns, rows: [rows ?? 0..<file.rowCount], batchRowCount: batchRowCount,
      as: form, forEach: forEach)
  }

  /// The rows in `ranges`, which ascend, of `columns` in `file`: those that
  /// `ParquetFile.rows(thatMayFulfil:)` finds. Pages that hold none of them are not touched where the
  /// file has a page index. A batch lies within one range.
  public init(
    _ file: ParquetFile, columns: [String]? = nil, rows ranges: [Range<Int>],
    batchRowCount: Int = 65_536, as form: ValueForm = .meant,
    forEach: @escaping ForEach = BatchReader.oneByOne
  ) throws(ParquetError) {
    precondition(batchRowCount > 0, "batches of \(batchRowCount) rows")
    let asked = try file.positions(of: columns)
    let positions = form == .stored ? file.grouped(asked) : asked
    let stored = try file.stored(form == .stored ? positions : [])
    schema = try file.schema(of: positions, as: stored)
    self.stored = stored
    self.form = form
    self.file = file
    self.positions = positions
    self.batchRowCount = batchRowCount
    self.forEach = forEach
    for (one, next) in zip(ranges, ranges.dropFirst()) {
      precondition(one.upperBound <= next.lowerBound, "rows \(one) before \(next)")
    }
    self.ranges = ranges.map { $0.clamped(to: 0..<file.rowCount) }.filter { !$0.isEmpty }[...]
  }

  /// One call after the other.
  public static let oneByOne: @Sendable (Int, @Sendable (Int) -> Void) -> Void = { count, body in
    for index in 0..<count { body(index) }
  }

  /// The next batch, or `nil` when there are no more rows.
  public mutating func next() throws(ParquetError) -> Batch? {
    guard let range = ranges.first else { return nil }
    try openRowGroup(of: range.lowerBound)
    if row < range.lowerBound {
      for cursor in cursors { try cursor.skip(range.lowerBound - row) }
      row = range.lowerBound
    }
    let count = min(open.upperBound - row, batchRowCount, range.count)
    let columns = try read(count)
    row += count
    if count == range.count {
      ranges.removeFirst()
    } else {
      ranges[ranges.startIndex] = row..<range.upperBound
    }
    if row == open.upperBound || ranges.isEmpty { closeRowGroup() }
    return Batch(schema, columns, rowCount: count)
  }

  private mutating func closeRowGroup() {
    flooredCount += cursors.reduce(0) { $0 + $1.flooredCount }
    cursors = []
  }

  /// Opens the row group that holds row `wanted`, unless it is open.
  private mutating func openRowGroup(of wanted: Int) throws(ParquetError) {
    if open.contains(wanted) { return }
    closeRowGroup()
    while open.upperBound <= wanted {
      let count = Int(file.metadata.rowGroups[rowGroup].rowCount)
      open = open.upperBound..<open.upperBound + count
      rowGroup += 1
    }
    row = open.lowerBound
    for position in positions {
      cursors.append(try file.cursor(position, rowGroup - 1, as: form))
    }
  }

  private func read(_ rowCount: Int) throws(ParquetError) -> [Column] {
    let work = Work(cursors)
    forEach(cursors.count) { work.read(rowCount, ofColumn: $0) }
    return try work.results()
  }

  /// Columns that are read at the same time.
  ///
  /// Sendable because each cursor is used by one call alone, and results are guarded by the lock.
  private final class Work: @unchecked Sendable {
    private let cursors: [ColumnCursor]
    private let found: Mutex<[Result<Column, ParquetError>?]>

    init(_ cursors: [ColumnCursor]) {
      self.cursors = cursors
      found = Mutex(Array(repeating: nil, count: cursors.count))
    }

    func read(_ rowCount: Int, ofColumn index: Int) {
      let cursor = cursors[index]
      let result = Result { () throws(ParquetError) in try cursor.read(rowCount) }
      found.withLock { $0[index] = result }
    }

    func results() throws(ParquetError) -> [Column] {
      var columns: [Column] = []
      for result in found.withLock({ $0 }) {
        guard let result else { preconditionFailure("a column was not read") }
        columns.append(try result.get())
      }
      return columns
    }
  }
}
