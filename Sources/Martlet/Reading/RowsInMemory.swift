public import MartletColumns
public import MartletEngine
public import MartletPlan

/// Answers from rows that the caller holds in memory, by the same join that builds training sets: for
/// programs that have their rows already.
///
///     let rows = try RowsInMemory(project, ["transactions": batches])
///     let (answers, _) = try rows.answers(of: service, at: times) { keys[$0.name] ?? … }
///
/// Nothing is read from files, and nothing is stored.
public struct RowsInMemory: Sendable {
  private let answering: Answering

  /// Rows of sources of `project`, by their names. A source without rows has none.
  ///
  /// - Parameter rows: Batches that have at least the columns that the source declares.
  public init(_ project: Project, _ rows: [String: [Batch]]) throws(DraftError) {
    for (name, batches) in rows.sorted(by: { $0.key < $1.key }) {
      let attempt = "taking rows of `\(name)`"
      guard let plan = project.plan.source(name) else {
        throw DraftError(attempt: attempt, reason: .noSuchSource)
      }
      for batch in batches {
        for field in plan.schema.fields where batch.column(named: field.name)?.type != field.type {
          throw DraftError(attempt: attempt, reason: .lacksColumn(field.name, "\(field.type)"))
        }
      }
    }
    answering = Answering(project: project, origin: BatchesInMemory(project: project, rows: rows))
  }

  /// What `service` answers at `times`.
  ///
  /// - Parameters:
  ///   - clock: By which of its times a row is seen.
  ///   - caller: The column of a key or of a given value, a row for each of `times`.
  public func answers(
    of service: ServicePlan, at times: Column, by clock: AsOfClock = .known,
    caller: (Field) throws -> Column
  ) throws -> (answers: ServiceAnswers, report: DraftReport) {
    try answering.by(clock).answers(of: service, at: times, caller: caller)
  }
}

/// The rows of sources that somebody holds in memory.
private struct BatchesInMemory: RowOrigin {
  let project: Project
  let rows: [String: [Batch]]

  func read<Gathered: Sendable>(
    _ set: SetPlan, _ report: inout DraftReport, into empty: Gathered,
    _ gather: @escaping @Sendable (inout Gathered, Batch) -> Void
  ) throws -> [Gathered] {
    guard let plan = project.plan.source(set.source) else {
      preconditionFailure("no source is called \(set.source)")
    }
    var facts = DraftReport.SetReport(set: set.name, source: set.source)
    facts.failures = plan.expectations.map { ($0.written, 0) }
    let batches = rows[set.source] ?? []
    let judge = RowJudge(plan, zones: project.zones)
    let keeper = RowKeeper(set, zones: project.zones)
    let outcomes = Outcomes<(Gathered, DraftReport.SetReport)>(count: batches.count)
    let blank = facts
    project.forEach(batches.count) { number in
      outcomes.set(number) {
        try project.checkpoint()
        var (gathered, facts) = (empty, blank)
        facts.take(batches[number], judge, keeper) { gather(&gathered, $0) }
        return (gathered, facts)
      }
    }
    var all: [Gathered] = []
    for (gathered, part) in try outcomes.all() {
      all.append(gathered)
      facts.merge(part)
    }
    try facts.refuseFailures(of: plan, attempt: "taking rows of `\(set.source)`")
    report.sets.append(facts)
    return all
  }

  func clusteredRows(of set: SetPlan) throws -> (any ClusteredOrigin)? { nil }
}
