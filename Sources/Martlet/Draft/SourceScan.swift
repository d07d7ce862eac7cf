import MartletColumns
import MartletEngine
import MartletLanguage
import MartletPlan
import MartletSources

/// Reads the rows of one set from the files of its source.
struct SourceScan: RowOrigin {
  private let project: Project

  /// As many rows as are worth a thread's while.
  private static let stretchRowCount = 250_000

  init(_ project: Project) { self.project = project }

  /// Reads all rows, a stretch of a file on each thread that there is, and hands over what `gather`
  /// made of each stretch, in the order in which the rows lie.
  ///
  /// - Parameter gather: Takes in the rows that the set keeps, a batch at a time.
  func read<Gathered: Sendable>(
    _ set: SetPlan, _ report: inout DraftReport, into empty: Gathered,
    _ gather: @escaping @Sendable (inout Gathered, Batch) -> Void
  ) throws -> [Gathered] {
    guard let source = project.definitions.source(set.source),
      let plan = project.plan.source(set.source), let columns = columns(of: set, plan)
    else { preconditionFailure("no source is called \(set.source)") }
    let attempt = "reading `\(source.name)`"
    var facts = DraftReport.SetReport(set: set.name, source: source.name)
    facts.failures = plan.expectations.map { ($0.written, 0) }
    let found = try FoundFile.all(of: source, in: project)
    facts.files = found.map(\.location)
    if case .pushes = source.origin, facts.files.isEmpty {
      throw DraftError(attempt: attempt, reason: .onlyPushed)
    }
    // All files are opened, and their columns checked, before a row of any is used.
    var zone = ZoneRules.utc
    if let name = source.zone { zone = try project.zones[name] ?? ZoneFiles.rules(of: name) }
    let files = try found.map { file in
      try file.open(declared: columns, zone: zone)
    }
    let stretches = files.flatMap { file in
      file.stretches(of: Self.stretchRowCount).map { (file: file, rows: $0) }
    }
    let judge = RowJudge(plan, zones: project.zones)
    let keeper = RowKeeper(set, zones: project.zones)
    let outcomes = Outcomes<(Gathered, DraftReport.SetReport)>(count: stretches.count)
    let blank = facts
    project.forEach(stretches.count) { number in
      outcomes.set(number) {
        var (gathered, facts) = (empty, blank)
        try stretches[number].file.read(stretches[number].rows) { batch in
          try project.hasRead(batch.rowCount)
          facts.take(batch, judge, keeper) { gather(&gathered, $0) }
        }
        return (gathered, facts)
      }
    }
    var all: [Gathered] = []
    for (gathered, part) in try outcomes.all() {
      all.append(gathered)
      facts.merge(part)
    }
    try facts.refuseFailures(of: plan, attempt: attempt)
    report.sets.append(facts)
    return all
  }

  /// Parquet says how many rows it has; of text a row is taken to be as long as it is in memory.
  func byteCount(of set: SetPlan) throws -> Int {
    guard let source = project.definitions.source(set.source) else { return 0 }
    return try FoundFile.all(of: source, in: project).reduce(0) { sum, file in
      guard let rows = try file.countOfRows() else { return sum + file.stamp.byteCount }
      return sum + rows * set.bytesPerRow
    }
  }

  /// A source's rows lie in no order of entities.
  func clusteredRows(of set: SetPlan) throws -> (any ClusteredOrigin)? { nil }

  /// The declared columns that the set or an expectation reads.
  private func columns(of set: SetPlan, _ plan: SourcePlan) -> Schema? {
    let needed = Swift.Set(set.rows.calculation.columns + plan.calculation.columns)
    return Schema(plan.schema.fields.filter { needed.contains($0.name) })
  }
}
