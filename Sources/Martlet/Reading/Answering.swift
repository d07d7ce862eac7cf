import MartletColumns
import MartletEngine
import MartletPlan

/// Answers questions about a project's sets and services from the rows that an origin gives: the same
/// way whether these come from sources or from the store.
struct Answering: Sendable {
  let project: Project
  let origin: any RowOrigin

  /// What `service` answers at `times`.
  ///
  /// - Parameter caller: The column of a key or of a given value, a row for each of `times`.
  func answers(
    of service: ServicePlan, at times: Column, caller: (Field) throws -> Column
  ) throws -> (answers: ServiceAnswers, report: DraftReport) {
    var report = DraftReport()
    let answers = try ServiceRun(service, zones: project.zones).answers(
      at: times, caller: caller
    ) { (lookup, keys) throws -> (SetAnswers, [Field]) in
      guard let set = project.plan.set(lookup.set) else {
        preconditionFailure("no set is called \(lookup.set)")
      }
      return (try self.answers(of: set, Questions(keys: keys, times: times), &report), set.features)
    }
    report.warnings.merge(answers.warnings)
    return (answers, report)
  }

  /// What `set` answers for each of the first `limit` entities that have a row, as of `moment`.
  func preview(
    of set: SetPlan, at moment: Instant, limit: Int
  ) throws -> (entities: [Column], answers: SetAnswers, report: DraftReport) {
    var unused = DraftReport()
    let samples = try origin.read(set, &unused, into: EntitySample(set.keys, limit: limit)) {
      $0.add($1)
    }
    var entities = EntitySample(set.keys, limit: limit)
    for sample in samples { entities.merge(sample) }
    let keys = entities.columns
    let count = keys.first?.count ?? 0
    let times = Column(.time(Buffer(repeating: moment.microseconds, count: count)))
    var report = DraftReport()
    let answers = try answers(of: set, Questions(keys: keys, times: times), &report)
    return (keys, answers, report)
  }

  /// The entities that `service` can be asked about and that have a row by `moment`, a column for each
  /// of its keys.
  func entities(of service: ServicePlan, at moment: Instant) throws -> [Column] {
    var all: EntityCollector?
    for case .lookup(let lookup) in service.stages {
      let names = lookup.keys.map { key in
        if case .caller(let name) = key { name } else { "" }
      }
      guard let set = project.plan.set(lookup.set), !names.contains("") else { continue }
      guard names == service.keys.map(\.name) else {
        throw DraftError(
          attempt: "listing entities for `\(service.name)`", reason: .severalEntities)
      }
      let empty = EntityCollector(service.keys, until: moment)
      var unused = DraftReport()
      for part in try origin.read(set, &unused, into: empty, { $0.add($1) }) {
        if all == nil { all = part } else { all?.merge(part) }
      }
    }
    guard let all else { return service.keys.map { .nulls(of: $0.type, count: 0) } }
    guard let entities = all.entities() else {
      throw DraftError(attempt: "listing entities for `\(service.name)`", reason: .tooMuchText)
    }
    return entities
  }

  private func answers(
    of set: SetPlan, _ questions: Questions, _ report: inout DraftReport
  ) throws -> SetAnswers {
    var collector = RowCollector(set, for: questions)
    for part in try origin.read(set, &report, into: collector, { $0.add($1) }) {
      collector.merge(part)
    }
    let join: PointInTimeJoin
    do throws(JoinError) { join = try PointInTimeJoin(set, collector) } catch {
      throw DraftError(attempt: "joining `\(set.name)`", reason: .tooMuchText)
    }
    // More parts than threads, so that one slow part holds nobody up for long.
    let parts = join.parts(16)
    project.forEach(parts.count) { join.answer(parts[$0]) }
    return join.finish()
  }
}
