import MartletColumns
import MartletEngine
import MartletLanguage
import MartletPlan
import MartletSources

/// Reads the rows of one set from the files of its source.
struct SourceScan {
  private let set: SetPlan
  private let project: Project

  init(_ set: SetPlan, _ project: Project) {
    self.set = set
    self.project = project
  }

  /// Hands `body` the rows that the set keeps, a batch at a time.
  func read(_ report: inout DraftReport, _ body: (Batch) throws -> Void) throws {
    guard let source = project.definitions.source(set.source),
      let plan = project.plan.source(set.source), let columns = columns(of: plan)
    else { preconditionFailure("no source is called \(set.source)") }
    let attempt = "reading `\(source.name)`"
    guard case .files(let patterns, let table) = source.origin else {
      throw DraftError(attempt: attempt, reason: .onlyPushed)
    }
    guard table == nil else { throw DraftError(attempt: attempt, reason: .table) }
    let judge = RowJudge(plan, zones: project.zones)
    let keeper = RowKeeper(set, zones: project.zones)
    var facts = DraftReport.SetReport(set: set.name, source: source.name)
    facts.failures = plan.expectations.map { ($0.written, 0) }
    for pattern in patterns {
      facts.files += try FilePattern(pattern, below: project.folder).files()
    }
    // All files are opened, and their columns checked, before a row of any is used.
    let files = try facts.files.map { try ParquetSource($0, declared: columns) }
    for file in files {
      try file.read(forEach: project.forEach) { (batch) throws -> Void in
        let (expected, verdict) = judge.judge(batch)
        for (index, failed) in verdict.failures.enumerated() {
          facts.failures[index].rows += failed
          if failed > 0, plan.expectations[index].reaction == .fail {
            throw DraftError(
              attempt: attempt,
              reason: .expectationFailed(written: plan.expectations[index].written, rows: failed))
          }
        }
        facts.dropped += verdict.dropped
        let (kept, counts) = keeper.keep(expected)
        facts.counts.merge(counts)
        try body(kept)
      }
    }
    report.sets.append(facts)
  }

  /// The declared columns that the set or an expectation reads.
  private func columns(of plan: SourcePlan) -> Schema? {
    let needed = Swift.Set(set.rows.calculation.columns + plan.calculation.columns)
    return Schema(plan.schema.fields.filter { needed.contains($0.name) })
  }
}
