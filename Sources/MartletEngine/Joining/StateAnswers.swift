import MartletAggregates
import MartletColumns
import MartletPlan

/// The answers of a set of states, while they are looked up.
struct StateAnswers: Sendable {
  private let plan: StatePlan
  private let rows: ClusteredRows
  private let questions: Questions

  /// The row that holds at each question; none where it is expired or missing.
  private let found: AnswerColumn

  /// The status of each question, by its raw value; none where it is missing.
  private let statuses: AnswerColumn

  init(_ plan: StatePlan, _ rows: ClusteredRows, _ questions: Questions) {
    self.plan = plan
    self.rows = rows
    self.questions = questions
    found = AnswerColumn(rowCount: questions.rowCount)
    statuses = AnswerColumn(rowCount: questions.rowCount)
  }

  /// Answers the questions about the entities of one part.
  func answer(_ part: EntityPart) {
    let ranking = RowRanking(rows.values)
    var lookup = StateLookup(
      rows.times, deletes: rows.deleted, keep: plan.keep,
      ranksBelow: { ranking.ranksBelow($0, $1) })
    let order = questions.order.slice(part.questions)
    let asked = questions.times.reordered(by: order)
    for entity in part.entities {
      let moments = asked.slice(entity.questions)
      var matches = StateMatches()
      lookup.match(moments.span, rows: entity.rows(in: part), into: &matches)
      for (index, question) in entity.questions.enumerated() {
        let status = matches.statuses[index]
        guard status != .missing else { continue }
        statuses.set(order[question], Int64(status.rawValue))
        if status == .present { found.set(order[question], Int64(matches.rows[index])) }
      }
    }
  }

  /// The features' columns and the statuses of their set, once every part is answered.
  func finish() -> SetAnswers {
    let words = statuses.finish(as: .int)
    let holds = (0..<questions.rowCount).map { row -> ValueStatus in
      guard case .int(let raw) = words[row] else { return .missing }
      return raw == ValueStatus.expired.rawValue ? .expired : .present
    }
    return SetAnswers(
      columns: plan.features.map { found.finish(from: rows.values[$0.place]) }, holds: holds)
  }
}
