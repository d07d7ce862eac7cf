public import MartletColumns
public import MartletPlan

/// What is to be said of a segment's rows, counted as they go by in its order.
public struct SegmentTally: Sendable {
  /// How many rows there were.
  public private(set) var rowCount = 0

  /// How many entities they are about.
  public private(set) var entityCount = 0

  /// The earliest and the latest time; `nil` without rows.
  public private(set) var span: ClosedRange<Instant>?

  private let plan: SetPlan
  private var last: RowPosition?

  /// A tally of rows of `plan`.
  public init(_ plan: SetPlan) { self.plan = plan }

  /// Counts `rows`, which come after those before.
  public mutating func add(_ rows: Batch) {
    guard rows.rowCount > 0 else { return }
    rowCount += rows.rowCount
    let first = RowPosition(rows, 0, plan)
    entityCount += last.map { $0.isOfSameEntity(as: first) ? 0 : 1 } ?? 1
    var isOther = Array(repeating: false, count: rows.rowCount)
    for key in rows.columns.prefix(plan.keys.count) { key.markChanges(in: &isOther) }
    entityCount += isOther.reduce(0) { $0 + ($1 ? 1 : 0) }
    last = RowPosition(rows, rows.rowCount - 1, plan)
    guard case .time(let times) = rows.columns[plan.keys.count].values else { return }
    var (earliest, latest) = (span?.lowerBound.microseconds, span?.upperBound.microseconds)
    for row in 0..<times.count {
      earliest = min(earliest ?? times[row], times[row])
      latest = max(latest ?? times[row], times[row])
    }
    if let earliest, let latest {
      span = Instant(microseconds: earliest)...Instant(microseconds: latest)
    }
  }
}

extension Column {
  /// Marks the rows whose value, which is not null, is another than that of the row before.
  fileprivate func markChanges(in marks: inout [Bool]) {
    switch values {
    case .int(let numbers), .time(let numbers):
      let numbers = numbers.span
      for row in 1..<max(numbers.count, 1) where numbers[row] != numbers[row - 1] {
        marks[row] = true
      }
    case .dictionary(let texts):
      for row in 1..<max(count, 1) where texts.codes[row] != texts.codes[row - 1] {
        // A dictionary may say one text twice.
        if !texts.dictionary.same(Int(texts.codes[row]), Int(texts.codes[row - 1])) {
          marks[row] = true
        }
      }
    case .string(let texts), .bytes(let texts):
      for row in 1..<max(count, 1) where !texts.same(row, row - 1) { marks[row] = true }
    case .bool, .double, .list, .vector:
      for row in 1..<max(count, 1) where self[row] != self[row - 1] { marks[row] = true }
    }
  }
}

extension Strings {
  /// Whether two of the texts have the same bytes.
  fileprivate func same(_ one: Int, _ other: Int) -> Bool {
    withBytes(at: one) { mine in
      withBytes(at: other) { theirs in mine.elementsEqual(theirs) }
    }
  }
}
