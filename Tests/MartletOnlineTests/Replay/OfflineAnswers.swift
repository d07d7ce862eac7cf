import MartletColumns
import MartletEngine
import MartletPlan

/// What training would say: the engine's point-in-time join over all rows that came.
struct OfflineAnswers {
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
    var collector = RowCollector(set, for: questions)
    for batch in kept(set) { collector.add(batch) }
    let join = try PointInTimeJoin(set, collector)
    for part in join.parts(3) { join.answer(part) }
    return join.finish()
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
