import MartletAggregates
import MartletColumns
import MartletPlan

/// The answers of a set of states to the questions of one part.
struct StateAnswers {
  private let plan: StatePlan
  private let rows: ClusteredRows
  private let part: QuestionPart

  init(_ plan: StatePlan, _ rows: ClusteredRows, _ part: QuestionPart) {
    self.plan = plan
    self.rows = rows
    self.part = part
  }

  /// The features' values and the statuses of their set; `nil` where their texts are too long for one column.
  func answers() -> PartAnswers? {
    let ranking = RowRanking(batches: rows.batches)
    let valueRows = rows.valueRows
    @Sendable func valueRow(_ row: Int) -> Int { valueRows.map { Int($0[row]) } ?? row }
    var lookup = StateLookup(
      rows.times, deletes: rows.deleted, keep: plan.keep,
      ranksBelow: { ranking.ranksBelow(valueRow($0), valueRow($1)) })
    var matches = StateMatches()
    matches.reserve(part.count)
    for entity in part.spans(among: rows.entities) {
      let moments = part.moments.slice(entity.questions)
      lookup.match(moments.span, rows: entity.rows, into: &matches)
    }
    var found = BufferBuilder<Int32>()
    found.append(upTo: part.count) { room in
      for index in 0..<part.count {
        let holds = matches.statuses[index] == .present
        room[index] = holds ? Int32(truncatingIfNeeded: valueRow(matches.rows[index])) : -1
      }
      return part.count
    }
    let counts = rows.batches.map { $0.first?.count ?? 0 }
    let chosen = found.finish()
    let places = PartedRows(counts: counts).places(of: chosen.span)
    var columns: [PartedColumn] = []
    for feature in plan.features {
      let parts = rows.batches.map { $0[feature.place] }
      guard let parted = PartedColumn(parts, of: feature.type) else { return nil }
      columns.append(parted)
    }
    return PartAnswers(
      RowRecords(columns, at: chosen.span, from: places), holds: matches.statuses)
  }
}
