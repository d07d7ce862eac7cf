import MartletAggregates
public import MartletColumns
public import MartletPlan

extension SetPlan {
  /// Of the rows of `columns`, states of one entity, keys left out: those that hold at some moment from
  /// `horizon` on. The others answer nothing, whatever comes later.
  ///
  /// Where rows have ids every row stays: one that never holds may be the first of its id, and then it
  /// decides about those that come later.
  public func holding(_ columns: [Column], from horizon: Int64) -> Buffer<Int32> {
    let entities = Buffer<Int32>(repeating: 0, count: columns[0].count)
    let order = settled(columns, of: entities)
    guard idColumns.isEmpty, case .time(let events) = columns[0].values else { return order }
    let sorted = columns.map { $0.gathered(at: order.span) }
    var known: Buffer<Int64>?
    if let column = knownColumn, case .time(let moments) = sorted[column].values { known = moments }
    let times = RowTimes(.states, events: events.reordered(by: order), known: known)
    let ranking = RowRanking(Array(sorted[valueColumns]))
    var lookup = StateLookup(
      times, deletes: deletedColumn.map { sorted[$0].trueRows },
      ranksBelow: { ranking.ranksBelow($0, $1) })
    // What holds changes only when some row is seen first.
    let moments = (0..<times.count).map { row in
      max(
        horizon,
        Visibility.states.firstQuestion(
          seeing: EventTime(microseconds: times.events[row]),
          known: known.map { KnownTime(microseconds: $0[row]) })?.microseconds ?? .max)
    }.sorted()
    var matches = StateMatches()
    lookup.match(moments.span, rows: 0..<times.count, into: &matches)
    let held = Set(matches.rows.filter { $0 != StateMatches.noRow })
    return Buffer(held.sorted().map { order[$0] })
  }
}
