public import MartletColumns
import MartletEngine

/// How one training set differs from another.
///
/// Rows are the same where they agree in the columns that say what was asked: the keys and the time. Of
/// several that agree the first is held against the first, the second against the second.
public struct TrainingSetDifference: Sendable {
  /// The columns that only the later or only the earlier one has, and those of another type.
  public let addedColumns: [String]
  public let lostColumns: [String]
  public let retypedColumns: [String]

  /// How many rows only the later or only the earlier one has, and how many both have.
  public let addedRowCount: Int
  public let lostRowCount: Int
  public let commonRowCount: Int

  /// How many of the common rows differ in some column that both have.
  public let changedRowCount: Int

  /// Those of one type in both, but for those that tell rows apart.
  public let columns: [ColumnDifference]

  /// What became of one column.
  public struct ColumnDifference: Sendable {
    /// In how many common rows it differs.
    public let changedCount: Int

    /// What its values look like, in all rows of each.
    public let before: FeatureStatistics
    public let after: FeatureStatistics
  }

  /// Whether nothing differs.
  public var isEmpty: Bool {
    addedColumns.isEmpty && lostColumns.isEmpty && retypedColumns.isEmpty && addedRowCount == 0
      && lostRowCount == 0 && changedRowCount == 0
  }

  /// How `after` differs from `before`, whose rows are told apart by the columns called `identity`;
  /// `nil` where one of them is in one only, or of a type that tells nothing apart.
  public init?(from before: Batch, to after: Batch, identity: [String]) {
    let keys = identity.map { (before.column(named: $0), after.column(named: $0)) }
    var (mine, theirs): ([Column], [Column]) = ([], [])
    for case (let one?, let other?) in keys where one.type == other.type && one.type.canBeKey {
      mine.append(one)
      theirs.append(other)
    }
    guard !identity.isEmpty, mine.count == identity.count else { return nil }
    let (beforeNames, afterNames) = (
      before.schema.fields.map(\.name), after.schema.fields.map(\.name)
    )
    addedColumns = afterNames.filter { before.schema.position(of: $0) == nil }
    let lost = beforeNames.filter { after.schema.position(of: $0) == nil }
    let common = beforeNames.filter { !identity.contains($0) && !lost.contains($0) }
    let retyped = common.filter { before.column(named: $0)?.type != after.column(named: $0)?.type }
    (lostColumns, retypedColumns) = (lost, retyped)

    let pairs = RowPairs(mine, theirs)
    commonRowCount = pairs.before.count
    addedRowCount = after.rowCount - commonRowCount
    lostRowCount = before.rowCount - commonRowCount
    var isChanged = [Bool](repeating: false, count: commonRowCount)
    var columns: [ColumnDifference] = []
    for name in common where !retyped.contains(name) {
      guard let one = before.column(named: name), let other = after.column(named: name) else {
        continue
      }
      let first = one.gathered(at: pairs.before.span)
      let second = other.gathered(at: pairs.after.span)
      var changedCount = 0
      for row in isChanged.indices where !first.isSame(as: second, at: row) {
        changedCount += 1
        isChanged[row] = true
      }
      columns.append(
        ColumnDifference(
          changedCount: changedCount,
          before: FeatureStatistics(name, one, statuses: AnswerStatuses(computed: one)),
          after: FeatureStatistics(name, other, statuses: AnswerStatuses(computed: other))))
    }
    self.columns = columns
    changedRowCount = isChanged.count { $0 }
  }
}

/// The rows of two tables that agree in some columns, side by side.
private struct RowPairs {
  var before = Buffer<Int32>()
  var after = Buffer<Int32>()

  init(_ mine: [Column], _ theirs: [Column]) {
    var grouper = Grouper(mine.map(\.type))
    let groups = grouper.groups(of: mine)
    let found = grouper.find(theirs)
    // The rows of each group, one after the other, and the first that has no partner yet.
    var next = [Int32](repeating: -1, count: groups.count)
    var first = [Int32](repeating: -1, count: grouper.count)
    for row in (0..<groups.count).reversed() {
      next[row] = first[Int(groups[row])]
      first[Int(groups[row])] = Int32(truncatingIfNeeded: row)
    }
    var before = BufferBuilder<Int32>()
    var after = BufferBuilder<Int32>()
    for row in 0..<found.count where found[row] >= 0 {
      let partner = first[Int(found[row])]
      guard partner >= 0 else { continue }
      first[Int(found[row])] = next[Int(partner)]
      before.append(partner)
      after.append(Int32(truncatingIfNeeded: row))
    }
    self.before = before.finish()
    self.after = after.finish()
  }
}

extension Column {
  /// Whether row `row` is the same in both, to the bit; the types are the same.
  fileprivate func isSame(as other: Column, at row: Int) -> Bool {
    switch (isNull(at: row), other.isNull(at: row)) {
    case (true, true): return true
    case (false, false): break
    default: return false
    }
    switch (values, other.values) {
    case (.int(let one), .int(let two)), (.time(let one), .time(let two)):
      return one[row] == two[row]
    case (.double(let one), .double(let two)): return one[row].bitPattern == two[row].bitPattern
    case (.bool(let one), .bool(let two)): return one[row] == two[row]
    default: return slice(row..<row + 1) == other.slice(row..<row + 1)
    }
  }
}
