/// Gives every row a number for its key, the same number to equal keys: 0, 1, 2 … in the order in
/// which keys are first met, batch after batch.
///
/// A key of several columns is grouped column by column, then pair by pair: the group of the first
/// two columns is that of the pair of their groups, and so on, so that everything comes down to one
/// table of 64-bit keys.
///
/// Keys are equal as values are: all nulls are one key, -0.0 is 0.0, and a NaN equals every NaN.
public struct Grouper: ~Copyable {
  private var columns: [ColumnGroups]
  private var pairs: [PairGroups]

  /// For keys of columns of `types`, each of which can be a key.
  public init(_ types: [ColumnType]) {
    precondition(!types.isEmpty, "a key of no columns")
    columns = types.map { ColumnGroups($0) }
    pairs = types.dropFirst().map { _ in PairGroups() }
  }

  /// The number of distinct keys so far.
  public var count: Int { pairs.last?.count ?? columns[0].count }

  /// The group of each row whose key is in `columns`.
  public mutating func groups(of columns: [Column]) -> Buffer<Int32> {
    precondition(columns.count == self.columns.count, "\(columns.count) columns")
    var groups = self.columns[0].groups(of: columns[0])
    for (index, pair) in pairs.enumerated() {
      groups = pair.groups(of: groups, and: self.columns[index + 1].groups(of: columns[index + 1]))
    }
    return groups
  }

  /// The group of each row whose key is in `columns`, -1 for a key that was never met.
  ///
  /// Changes nothing, so that several threads may ask at once.
  public func find(_ columns: [Column]) -> Buffer<Int32> {
    precondition(columns.count == self.columns.count, "\(columns.count) columns")
    var groups = self.columns[0].find(columns[0])
    for (index, pair) in pairs.enumerated() {
      groups = pair.find(groups, and: self.columns[index + 1].find(columns[index + 1]))
    }
    return groups
  }

  /// The distinct keys in the order of their groups, a column each; `nil` where their texts are too
  /// long for one column.
  public func keys() -> [Column]? {
    var members = Buffer<Int32>((0..<count).map { Int32(truncatingIfNeeded: $0) })
    var keys: [Column] = []
    for index in pairs.indices.reversed() {
      let (first, second) = pairs[index].members(members)
      guard let values = columns[index + 1].keys() else { return nil }
      keys.append(values.gathered(at: second.span))
      members = first
    }
    guard let values = columns[0].keys() else { return nil }
    keys.append(values.gathered(at: members.span))
    return keys.reversed()
  }
}
