import MartletColumns
import MartletEngine
import MartletOffline
import MartletPlan
import MartletRegistry

/// Reads a set's rows from its segments.
struct StoredRows: RowOrigin {
  private let project: Project
  private let contents: [String: SetContents]

  /// As many rows as are worth a thread's while.
  private static let stretchRowCount = 250_000

  init(_ project: Project, _ contents: [String: SetContents]) {
    self.project = project
    self.contents = contents
  }

  func read<Gathered: Sendable>(
    _ set: SetPlan, _ report: inout DraftReport, into empty: Gathered,
    _ gather: @escaping @Sendable (inout Gathered, Batch) -> Void
  ) throws -> [Gathered] {
    let stored = try StoredSet(set, contents[set.name], in: project)
    var facts = stored.facts
    let stretches = stored.segments.flatMap { segment in
      segment.stretches(of: Self.stretchRowCount).map { (segment: segment, rows: $0) }
    }
    let outcomes = Outcomes<(Gathered, Int)>(count: stretches.count)
    project.forEach(stretches.count) { number in
      outcomes.set(number) {
        var (gathered, rows) = (empty, 0)
        try stretches[number].segment.read(stretches[number].rows) { batch in
          try project.hasRead(batch.rowCount)
          rows += batch.rowCount
          gather(&gathered, batch)
        }
        return (gathered, rows)
      }
    }
    var all: [Gathered] = []
    for (gathered, rows) in try outcomes.all() {
      all.append(gathered)
      facts.counts.read += rows
      facts.counts.kept += rows
    }
    report.sets.append(facts)
    return all
  }

  func entities(
    of set: SetPlan, _ keys: [Field], until moment: Instant
  ) throws -> [EntityCollector] {
    let stored = try StoredSet(set, contents[set.name], in: project)
    let stretches = stored.segments.flatMap { segment in
      segment.stretches(of: Self.stretchRowCount).map { (segment: segment, rows: $0) }
    }
    let outcomes = Outcomes<EntityCollector>(count: stretches.count)
    project.forEach(stretches.count) { number in
      outcomes.set(number) {
        var collector = EntityCollector(keys, until: moment)
        try stretches[number].segment.readKeys(stretches[number].rows) { batch in
          try project.hasRead(batch.rowCount)
          collector.add(ordered: batch)
        }
        return collector
      }
    }
    return try outcomes.all()
  }

  func byteCount(of set: SetPlan) throws -> Int {
    (contents[set.name]?.segments ?? []).reduce(0) { $0 + $1.rowCount } * set.bytesPerRow
  }

  func clusteredRows(of set: SetPlan) throws -> (any ClusteredOrigin)? {
    try StoredSet(set, contents[set.name], in: project)
  }
}

/// The segments of a set, opened.
private struct StoredSet: ClusteredOrigin {
  let segments: [SegmentReader]
  let facts: DraftReport.SetReport
  let rowCount: Int

  private let set: SetPlan
  private let mayRepeatIds: Bool
  private let hasRead: @Sendable (_ rows: Int) throws -> Void

  init(_ set: SetPlan, _ contents: SetContents?, in project: Project) throws {
    guard let contents else {
      throw DraftError(attempt: "reading `\(set.name)`", reason: .notMaterialized)
    }
    self.set = set
    var facts = DraftReport.SetReport(set: set.name, source: set.source)
    facts.files = contents.files.map(\.file.path)
    self.facts = facts
    let folder = SegmentFolder(of: set.name, in: project.store)
    segments = try contents.segments.map { segment in
      try SegmentReader(set, SegmentFacts(segment), in: folder, withdrawn: segment.withdrawn)
    }
    rowCount = segments.reduce(0) { $0 + $1.rowCount }
    mayRepeatIds = contents.segments.count > 1 || contents.segments.contains { $0.repeatCount > 0 }
    hasRead = project.hasRead
  }

  func rows(for part: QuestionPart) throws -> (rows: RowCollector, read: Int) {
    var collector = RowCollector(set, for: part, mayRepeatIds: mayRepeatIds)
    var read = 0
    for segment in segments {
      try segment.read(for: part) { batch in
        try hasRead(batch.rowCount)
        read += batch.rowCount
        collector.add(ordered: batch)
      }
    }
    return (collector, read)
  }
}
