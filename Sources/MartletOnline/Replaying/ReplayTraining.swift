import MartletColumns
import MartletEngine
import MartletPlan

/// What training would say: the engine's point-in-time join over all rows that came.
struct ReplayTraining {
  let plan: Plan
  private(set) var rows: [String: [Batch]] = [:]

  init(_ plan: Plan) { self.plan = plan }

  mutating func add(_ batch: Batch, of source: String) { rows[source, default: []].append(batch) }

  /// The rows that `set` keeps of those that came.
  func kept(_ set: SetPlan) -> [Batch] {
    guard let source = plan.source(set.source) else { return [] }
    return (rows[set.source] ?? []).map { batch in
      RowKeeper(set).keep(RowJudge(source).judge(batch).kept).kept
    }
  }

  func answers(of set: SetPlan, keys: [Column], at times: Column) throws -> SetAnswers {
    let questions = Questions(keys: keys, times: times)
    let parts = questions.parts(3)
    var rows = ScatteredRows(set, questions, parts)
    for batch in kept(set) { rows.add(batch) }
    let answers = try rows.collectors.map { try PointInTimeJoin($0).answers() }
    return try SetAnswers.placed(answers, of: set, questions) { count, body in
      for index in 0..<count { body(index) }
    }
  }

  func answers(
    of service: ServicePlan, at times: Column, caller: (Field) throws -> Column
  ) throws -> ServiceAnswers {
    try ServiceRun(service).answers(at: times, caller: caller) { (lookup, keys) throws in
      guard let set = plan.set(lookup.set) else { preconditionFailure(lookup.set) }
      return (try answers(of: set, keys: keys, at: times), set.features)
    }
  }
}
