public import MartletColumns

/// Gathers the entities that some rows are about.
public struct EntityCollector: Sendable {
  private let types: [ColumnType]
  private let latest: Int64
  private var parts: [[Column]] = []

  /// For rows of sets whose entities have these keys.
  ///
  /// - Parameter latest: Rows with a later time tell of no entity yet.
  public init(_ keys: [Field], until latest: Instant) {
    types = keys.map(\.type)
    self.latest = latest.microseconds
  }

  /// Notes the entities of `rows`, which a set keeps: their keys come first, then their times.
  public mutating func add(_ rows: Batch) {
    guard case .time(let times) = rows.columns[types.count].values else { return }
    let keys = Array(rows.columns.prefix(types.count))
    var seen = BufferBuilder<Int32>()
    seen.append(upTo: rows.rowCount) { room in
      var kept = 0
      for row in 0..<rows.rowCount {
        room[kept] = Int32(truncatingIfNeeded: row)
        kept &+= times[row] <= latest ? 1 : 0
      }
      return kept
    }
    let chosen = seen.finish()
    add(keys: chosen.count == rows.rowCount ? keys : keys.map { $0.gathered(at: chosen.span) })
  }

  /// The same of rows that lie by entity and then by time, as those of a segment do; of other columns
  /// than the keys and the times there may be any.
  public mutating func add(ordered rows: Batch) {
    guard case .time(let times) = rows.columns[types.count].values else { return }
    let keys = Array(rows.columns.prefix(types.count))
    let starts = keys.runStarts(rowCount: rows.rowCount)
    var seen = BufferBuilder<Int32>(capacity: starts.count)
    for index in 0..<starts.count where times[Int(starts[index])] <= latest {
      seen.append(starts[index])
    }
    let chosen = seen.finish()
    if chosen.count > 0 { parts.append(keys.map { $0.gathered(at: chosen.span) }) }
  }

  /// Takes over what `other` noted.
  public mutating func merge(_ other: EntityCollector) { parts += other.parts }

  private mutating func add(keys: [Column]) {
    guard let count = keys.first?.count, count > 0 else { return }
    var grouper = Grouper(types)
    _ = grouper.groups(of: keys)
    if let distinct = grouper.keys() { parts.append(distinct) }
  }

  /// The entities, a column for each part of their keys, in the order of keys; `nil` where their texts
  /// are too long for one column.
  public func entities() -> [Column]? {
    if let ascending = ascendingKeys() { return ascending }
    var grouper = Grouper(types)
    for part in parts { _ = grouper.groups(of: part) }
    guard let keys = grouper.keys() else { return nil }
    let order = KeyOrder(keys).rows()
    return keys.map { $0.gathered(at: order.span) }
  }

  /// The keys where they came in their order, as those of one segment do: then only neighbours are the
  /// same, and there is nothing to look up. `nil` where they did not.
  private func ascendingKeys() -> [Column]? {
    var keys: [Column] = []
    for (place, type) in types.enumerated() {
      guard let key = Column.concatenated(parts.map { $0[place] }, of: type) else { return nil }
      keys.append(key)
    }
    guard let count = keys.first?.count, keys.wholeRows == nil, keys.ascend(rowCount: count) else {
      return nil
    }
    let starts = keys.runStarts(rowCount: count)
    return starts.count < count ? keys.map { $0.gathered(at: starts.span) } : keys
  }
}

extension [Column] {
  /// Whether no row's key ranks below that of the row before.
  fileprivate func ascend(rowCount: Int) -> Bool {
    if count == 1, case .int(let numbers) = self[0].values {
      return numbers.withUnsafeBufferPointer { numbers in
        numbers.indices.dropFirst().allSatisfy { numbers[$0 &- 1] <= numbers[$0] }
      }
    }
    let ranking = RowRanking(self)
    return (0..<rowCount).dropFirst().allSatisfy { !ranking.ranksBelow($0, $0 - 1) }
  }
}
