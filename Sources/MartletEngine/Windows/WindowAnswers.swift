import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// The answers of a set of events, while they are worked out.
///
/// Entities lie one after the other, so the work is cut between entities: parts share nothing but
/// the columns that they write, each its own rows.
struct WindowAnswers: Sendable {
  private let plan: WindowPlan
  private let rows: ClusteredRows
  private let questions: Questions

  /// The values that measures are over, coded once for all parts.
  private let values: [Int: CodedValues]

  /// For each feature, where its values go.
  private let answers: [FeatureAnswers]

  /// Whether each question sees rows.
  private let seen: AnswerColumn

  init(_ plan: WindowPlan, _ rows: ClusteredRows, _ questions: Questions) {
    self.plan = plan
    self.rows = rows
    self.questions = questions
    var values: [Int: CodedValues] = [:]
    for case .some(let value) in plan.measures.map(\.value) where values[value] == nil {
      values[value] = CodedValues(rows.values[value])
    }
    self.values = values
    let rowCount = questions.rowCount
    answers = plan.features.map {
      FeatureAnswers(plan.measures[$0.place.measure], rowCount: rowCount)
    }
    seen = AnswerColumn(rowCount: rowCount)
  }

  /// The features' columns and the statuses of their sets, once every part is answered.
  func finish() -> SetAnswers {
    let columns = zip(plan.features, answers).map { feature, answers in
      let measure = plan.measures[feature.place.measure]
      return answers.column(
        measure, measure.value.flatMap { values[$0] }, rowCount: questions.rowCount)
    }
    let sees = seen.finish(as: .bool)
    let statuses = (0..<questions.rowCount).map { row in
      sees.isNull(at: row) ? ValueStatus.missing : .present
    }
    return SetAnswers(columns: columns, holds: statuses)
  }

  /// Answers the questions about the entities of one part.
  func answer(_ part: EntityPart) {
    let times = RowTimes(
      .events, events: rows.times.events.slice(part.rows), known: rows.times.known?.slice(part.rows)
    )
    var frames = Frames(times, windows: plan.windows)
    let order = questions.order.slice(part.questions)
    let asked = questions.times.reordered(by: order)
    for entity in part.entities {
      let moments = asked.slice(entity.questions)
      frames.append(moments.span, rows: entity.rows)
    }
    for (index, sees) in frames.seesRows.enumerated() where sees { seen.set(order[index], 1) }
    for group in plan.groups {
      let measure = plan.measures[group.measures[0]]
      let pass = MeasurePass(
        measures: group.measures.map { plan.measures[$0] },
        answers: group.features.map { $0.map { $0.map { answers[$0] } } }, order: order,
        asked: asked, times: times.events, frames: frames.keeping(group.windows),
        value: measure.value.flatMap { values[$0] }, rows: part.rows,
        counting: counting(measure)?.slice(part.rows))
      pass.run()
    }
  }

  /// The rows that count for `measure`: those that its `where` keeps and whose value is not null.
  private func counting(_ measure: WindowPlan.Measure) -> Bitmap? {
    let filter = measure.filter.map { rows.values[$0].trueRows }
    let validity = measure.value.flatMap { rows.values[$0].validity }
    switch (filter, validity) {
    case (nil, nil): return nil
    case (let only?, nil), (nil, let only?): return only
    case (let one?, let other?): return one.intersection(other)
    }
  }
}
