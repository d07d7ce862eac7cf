import MartletAggregates
public import MartletColumns
public import MartletPlan

/// Rows of a set, entity by entity and, within one, by event time.
struct ClusteredRows {
  /// The entity of each row, ascending.
  let entities: Buffer<Int32>

  /// When each row happened or began to hold, and when it became known.
  let times: RowTimes

  /// The rows that end what held, of states.
  let deleted: Bitmap?

  /// The kept values, in the plan's order, of each batch that they lie in.
  let batches: [[Column]]

  /// The row, counted through all batches, that has the values of each row; `nil` where it is the same.
  let valueRows: Buffer<Int32>?

  /// The number of rows.
  var count: Int { entities.count }

  /// The kept values, of rows that lie as they do.
  var values: [Column] {
    precondition(batches.count == 1 && valueRows == nil, "values that lie apart")
    return batches[0]
  }
}

extension ClusteredRows {
  /// The rows of `collector`, each id once; `nil` where their texts are too long for one column.
  init?(_ collector: RowCollector) {
    let (plan, parts) = (collector.plan, collector.parts)
    let fields = plan.schema.fields.dropFirst(plan.keys.count)
    // Where values wait for the join to choose among them they stay in their batches.
    let first = collector.valuesWait ? plan.valueColumns.lowerBound : fields.count
    var columns: [Column] = []
    for (index, field) in fields.prefix(first).enumerated() {
      guard let column = Column.concatenated(parts.map { $0.columns[index] }, of: field.type) else {
        return nil
      }
      columns.append(column)
    }
    var entities = BufferBuilder<Int32>(capacity: collector.rowCount)
    for part in parts { entities.append(contentsOf: part.entities.span) }
    self.init(
      parts.count == 1 ? parts[0].entities : entities.finish(), columns, plan,
      waiting: collector.valuesWait ? parts : nil, mayRepeatIds: collector.mayRepeatIds)
  }

  private init(
    _ entities: Buffer<Int32>, _ columns: [Column], _ plan: SetPlan,
    waiting parts: [RowCollector.Part]?, mayRepeatIds: Bool
  ) {
    guard case .time(let times) = columns[0].values else {
      preconditionFailure("times of \(columns[0].type)")
    }
    var order: Buffer<Int32>?
    if mayRepeatIds {
      order = plan.settled(columns, of: entities)
      if let found = order, found.count == entities.count, found.isAscending { order = nil }
    } else if !Self.isInOrder(entities, times) {
      order = Self.order(entities, times)
    }
    func placed(_ column: Column) -> Column { order.map { column.gathered(at: $0.span) } ?? column }

    self.entities = order.map { entities.reordered(by: $0) } ?? entities
    let events = order.map { times.reordered(by: $0) } ?? times
    var known: Buffer<Int64>?
    if let index = plan.knownColumn, case .time(let moments) = placed(columns[index]).values {
      known = moments
    }
    self.times = RowTimes(plan.visibility, events: events, known: known)
    deleted = plan.deletedColumn.map { placed(columns[$0]).trueRows }
    guard let parts else {
      batches = [columns.dropFirst(plan.valueColumns.lowerBound).map(placed)]
      valueRows = nil
      return
    }
    batches = parts.map { Array($0.columns.dropFirst(plan.valueColumns.lowerBound)) }
    let rows = parts.valueRows
    valueRows = order.map { order in rows?.reordered(by: order) ?? order } ?? rows
  }

  /// Whether the rows lie by entity and then by time.
  private static func isInOrder(_ entities: Buffer<Int32>, _ times: Buffer<Int64>) -> Bool {
    entities.withUnsafeBufferPointer { entities in
      times.withUnsafeBufferPointer { times in
        for row in entities.indices.dropFirst() {
          let (one, next) = (entities[row - 1], entities[row])
          if one > next || one == next && times[row - 1] > times[row] { return false }
        }
        return true
      }
    }
  }

  /// The rows by entity, then by time.
  fileprivate static func order(_ entities: Buffer<Int32>, _ times: Buffer<Int64>) -> Buffer<Int32>
  {
    if isInOrder(entities, times) {
      return Buffer((0..<entities.count).map { Int32(truncatingIfNeeded: $0) })
    }
    let groups = entities.widened()
    return RowOrder.by(key: groups.span, thenTime: times.span)
  }
}

extension [RowCollector.Part] {
  /// For each row of these, the row, counted through all of their batches, that has its values; `nil` where
  /// it is the same.
  fileprivate var valueRows: Buffer<Int32>? {
    guard contains(where: { $0.valueRows != nil }) else { return nil }
    var rows = BufferBuilder<Int32>(capacity: reduce(0) { $0 + $1.entities.count })
    var start: Int32 = 0
    for part in self {
      for row in 0..<part.entities.count {
        rows.append(start &+ (part.valueRows?[row] ?? Int32(truncatingIfNeeded: row)))
      }
      start &+= Int32(truncatingIfNeeded: part.batchRowCount)
    }
    return rows.finish()
  }
}

extension SetPlan {
  /// The rows of `columns`, keys left out, by entity and then by time, each id once: which they are is
  /// the same however they are gathered, and from however many of such rows.
  public func settled(_ columns: [Column], of entities: Buffer<Int32>) -> Buffer<Int32> {
    guard case .time(let times) = columns[0].values else {
      preconditionFailure("times of \(columns[0].type)")
    }
    let order = ClusteredRows.order(entities, times)
    let id = columns.dropFirst(idColumns.lowerBound).prefix(idColumns.count)
    return id.isEmpty ? order : order.droppingRepeats(of: Array(id), entities, columns, self)
  }

  // Positions among a kept row's columns after its keys: the time is 0.

  public var knownColumn: Int? { rows.known == nil ? nil : 1 }

  public var deletedColumn: Int? { rows.deleted == nil ? nil : rows.known == nil ? 1 : 2 }

  public var idColumns: Range<Int> {
    let first = rows.firstValue - keys.count - rows.id.count
    return first..<first + rows.id.count
  }

  public var valueColumns: Range<Int> {
    idColumns.upperBound..<idColumns.upperBound + rows.values.count
  }
}

extension Buffer<Int32> {
  var isAscending: Bool { (1..<Swift.max(count, 1)).allSatisfy { self[$0 - 1] < self[$0] } }

  /// These rows without those whose id stood in an earlier row of the same entity.
  ///
  /// Of several the row stands that could be seen first, so that what came to be known later changes
  /// nothing before; among those the one whose content ranks lowest, so that arrival changes nothing
  /// at all.
  fileprivate func droppingRepeats(
    of id: [Column], _ entities: Buffer<Int32>, _ columns: [Column], _ plan: SetPlan
  ) -> Buffer<Int32> {
    var grouper = Grouper([.int] + id.map(\.type))
    let groups = grouper.groups(of: [Column(.int(entities.widened()))] + id)
    guard grouper.count < groups.count else { return self }
    guard case .time(let times) = columns[0].values else { return self }
    var known: Buffer<Int64>?
    if let index = plan.knownColumn, case .time(let moments) = columns[index].values {
      known = moments
    }
    let ranking = RowRanking(columns)
    var standing = [Int32](repeating: -1, count: grouper.count)
    for row in 0..<groups.count {
      let group = Int(groups[row])
      let other = Int(standing[group])
      guard other >= 0 else {
        standing[group] = Int32(truncatingIfNeeded: row)
        continue
      }
      let seen = (Swift.max(times[row], known?[row] ?? .min), times[row])
      let otherSeen = (Swift.max(times[other], known?[other] ?? .min), times[other])
      if seen < otherSeen || seen == otherSeen && ranking.ranksBelow(row, other) {
        standing[group] = Int32(truncatingIfNeeded: row)
      }
    }
    var kept = BufferBuilder<Int32>(capacity: grouper.count)
    for index in 0..<count where standing[Int(groups[Int(self[index])])] == self[index] {
      kept.append(self[index])
    }
    return kept.finish()
  }
}

extension Column {
  /// The rows that are true, of bools; a null is not.
  var trueRows: Bitmap {
    guard case .bool(let flags) = values else { preconditionFailure("a \(type) is no condition") }
    return Bitmap(flags)
  }
}
