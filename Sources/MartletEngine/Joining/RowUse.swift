import MartletAggregates
public import MartletColumns
public import MartletPlan

/// What becomes of one row in one answer.
public enum RowUse: String, Hashable, Sendable {
  /// It is part of the value.
  case counts

  /// It holds, and has expired.
  case expired

  /// It ends what held before it.
  case ends

  /// A newer row holds instead.
  case superseded

  /// It had not happened yet, or did not hold yet.
  case later

  /// It was not known yet.
  case unknown

  /// It happened before the window begins.
  case beforeWindow

  /// The aggregate's own `where` leaves it out.
  case filtered

  /// What is aggregated is null in it.
  case null

  /// It repeats an id, of which another row stands.
  case repeated

  /// In the words of a report.
  public var words: String {
    switch self {
    case .counts: "counts"
    case .expired: "has expired"
    case .ends: "ends what held"
    case .superseded: "a newer one holds"
    case .later: "not yet at that moment"
    case .unknown: "not known at that moment"
    case .beforeWindow: "before the window"
    case .filtered: "left out by `where`"
    case .null: "its value is null"
    case .repeated: "its id repeats"
    }
  }
}

extension SetPlan {
  /// What becomes of each row of `columns`, those of one entity with keys left out, in what the feature
  /// of this number answers at `question`.
  ///
  /// For looking at answers, not for giving them: these come from `PointInTimeJoin`, by the same rules.
  public func uses(
    of columns: [Column], for feature: Int, at question: AsOf
  ) -> [RowUse] {
    let count = columns[0].count
    var uses = [RowUse](repeating: .repeated, count: count)
    let standing = settled(columns, of: Buffer(repeating: 0, count: count))
    guard case .time(let times) = columns[0].values else {
      preconditionFailure("times of \(columns[0].type)")
    }
    var known: Buffer<Int64>?
    if let column = knownColumn, case .time(let moments) = columns[column].values {
      known = moments
    }
    var seen: [Int] = []
    for place in 0..<standing.count {
      let row = Int(standing[place])
      let time = EventTime(microseconds: times[row])
      if !visibility.shows(time, to: question) {
        uses[row] = .later
      } else if !visibility.shows(
        time, known: known.map { KnownTime(microseconds: $0[row]) }, to: question)
      {
        uses[row] = .unknown
      } else {
        seen.append(row)
      }
    }
    switch answer {
    case .events(let plan): addUses(of: seen, columns, times, plan, feature, question, to: &uses)
    case .states(let plan): addUses(of: seen, columns, times, known, plan, question, to: &uses)
    }
    return uses
  }

  private func addUses(
    of seen: [Int], _ columns: [Column], _ times: Buffer<Int64>, _ plan: WindowPlan,
    _ feature: Int, _ question: AsOf, to uses: inout [RowUse]
  ) {
    let place = plan.features[feature].place
    let measure = plan.measures[place.measure]
    let span = plan.windows[place.window].span(at: question)
    let values = Array(columns[valueColumns])
    for row in seen {
      if times[row] < span.lowerBound {
        uses[row] = .beforeWindow
      } else if let filter = measure.filter, values[filter][row] != .bool(true) {
        uses[row] = .filtered
      } else if let value = measure.value, values[value].isNull(at: row) {
        uses[row] = .null
      } else {
        uses[row] = .counts
      }
    }
  }

  private func addUses(
    of seen: [Int], _ columns: [Column], _ times: Buffer<Int64>, _ known: Buffer<Int64>?,
    _ plan: StatePlan, _ question: AsOf, to uses: inout [RowUse]
  ) {
    for row in seen { uses[row] = .superseded }
    let chosen = Buffer(seen.map { Int32(truncatingIfNeeded: $0) })
    let sorted = columns.map { $0.gathered(at: chosen.span) }
    let ranking = RowRanking(Array(sorted[valueColumns]))
    var lookup = StateLookup(
      RowTimes(
        .states, events: times.reordered(by: chosen), known: known?.reordered(by: chosen)),
      deletes: deletedColumn.map { sorted[$0].trueRows }, keep: plan.keep,
      ranksBelow: { ranking.ranksBelow($0, $1) })
    var matches = StateMatches()
    let moments: [Int64] = [question.microseconds]
    lookup.match(moments.span, rows: 0..<seen.count, into: &matches)
    guard let found = matches.rows.first, found != StateMatches.noRow else { return }
    switch matches.statuses[0] {
    case .present, .null: uses[seen[found]] = .counts
    case .expired: uses[seen[found]] = .expired
    case .missing: uses[seen[found]] = .ends
    }
  }
}
