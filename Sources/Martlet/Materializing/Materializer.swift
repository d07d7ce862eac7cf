public import MartletColumns
import MartletDiagnostics
import MartletOffline
public import MartletPlan
public import MartletRegistry

/// Brings the offline store up to date with the sources.
///
///     lock the sets ─▶ plan ─▶ run: write, seal ─▶ name the segments ─▶ commit in one transaction
///
/// Dying anywhere before the commit leaves everything as it was; the next run clears up.
public struct Materializer {
  private let project: Project
  private let registry: Registry
  private let version: Int
  private let author: String
  private let clock: () -> Instant

  /// How many bytes a run may take.
  public var memory = 1 << 30

  /// A materializer of `project`, whose definitions are version `version`.
  public init(
    _ project: Project, _ registry: Registry, version: Int, by author: String,
    clock: @escaping () -> Instant
  ) {
    self.project = project
    self.registry = registry
    self.version = version
    self.author = author
    self.clock = clock
  }

  /// The sets to bring up to date, by their sources; `names` alone, or all.
  public func groups(of names: [String]) -> [(source: SourcePlan, sets: [SetPlan])] {
    project.plan.sources.compactMap { source in
      let sets = project.plan.sets.filter {
        $0.source == source.name && (names.isEmpty || names.contains($0.name))
      }
      return sets.isEmpty ? nil : (source, sets)
    }
  }

  /// What bringing `sets` of `source` up to date would do.
  public func plan(
    _ source: SourcePlan, _ sets: [SetPlan], rebuild: Bool
  ) throws -> MaterializationPlan {
    try MaterializationPlan(source, sets, project, registry, rebuild: rebuild, at: clock())
  }

  /// Brings `sets` of `source` up to date; `nil` where another process is at one of them.
  ///
  /// - Parameters:
  ///   - paths: Read these files, again where they were read, and no others: the sets are not up to date
  ///     afterwards.
  ///   - whenLocked: Called once nobody else can be at the sets and before anything is done; what it throws
  ///     is thrown, and nothing is done.
  public func materialize(
    _ source: SourcePlan, _ sets: [SetPlan], rebuild: Bool, only paths: Set<String>? = nil,
    whenLocked: () throws -> Void = {}
  ) throws -> RunReport? {
    var locks: [SetLock] = []
    // In one order, so that two runs never wait for each other.
    for name in sets.map(\.name).sorted() {
      guard let lock = try SetLock.take(name, in: project.store) else { return nil }
      locks.append(lock)
    }
    return try withExtendedLifetime(locks) {
      try whenLocked()
      try registry.clearUp(after: sets.map(\.name), in: project.store, at: clock())
      let plan = try MaterializationPlan(
        source, sets, project, registry, rebuild: rebuild, only: paths, at: clock())
      let subject = sets.map(\.name).joined(separator: ",")
      let run = try registry.beginRun(
        .materialize, of: subject, version: version, at: plan.lookedAt, by: author)
      do {
        return try carryOut(plan, run, rebuild: rebuild)
      } catch {
        registry.giveUp(
          run, over: sets.map(\.name), in: project.store, at: clock(), because: error)
        throw error
      }
    }
  }

  private func carryOut(
    _ plan: MaterializationPlan, _ run: Int, rebuild: Bool
  ) throws -> RunReport {
    for work in plan.sets {
      for (file, modifiedAt) in work.changes.touched {
        try registry.renewTime(of: file.number, to: modifiedAt)
      }
    }
    if plan.isEmpty {
      var report = RunReport(run: run, source: plan.source.name)
      report.sets = plan.sets.map { RunReport.SetReport(set: $0.set.name) }
      let end = clock()
      report.took = end.microseconds &- plan.lookedAt.microseconds
      try registry.endRun(
        run, refreshing: plan.isPartial ? [] : plan.sets.map { SetName($0.set) },
        readAt: plan.lookedAt, at: end,
        report: report.json.text)
      return report
    }
    try registry.advance(run: run, to: .writing)
    try registry.note(plan.line, of: run, at: clock())
    var outcome = try MaterializationRun(
      plan, project.ending(when: run), run: run, memory: memory
    ).work()
    try registry.advance(run: run, to: .sealed)
    for gathering in outcome.sets {
      try SegmentFolder(of: gathering.set.name, in: project.store)
        .publish(gathering.sealed.map(\.segment))
    }
    try project.lastCheckpoint(of: run, registry)
    let end = clock()
    outcome.report.took = end.microseconds &- plan.lookedAt.microseconds
    var commit = RunCommit(
      run: run, readAt: plan.lookedAt, report: outcome.report.json.text)
    commit.files = outcome.files
    commit.isPartial = plan.isPartial
    commit.rejects = outcome.rejects
    commit.sets = zip(plan.sets, outcome.sets).enumerated().map { place, pair in
      change(pair.0, pair.1, place, plan, rebuild: rebuild)
    }
    outcome.report.data = try registry.commit(commit, at: end, by: author)
    return outcome.report
  }

  private func change(
    _ work: MaterializationPlan.SetWork, _ gathering: SetGathering, _ place: Int,
    _ plan: MaterializationPlan, rebuild: Bool
  ) -> RunCommit.SetChange {
    var change = RunCommit.SetChange(SetName(work.set))
    change.leavesOtherLayouts = true
    change.segments = gathering.sealed.map { segment, files in
      (SegmentRecord(segment.facts), files.map { .new($0) })
    }
    for (number, read) in plan.reads.enumerated() where read.sets.contains(place) {
      change.added.append(.new(number))
    }
    change.withdrawn = work.changes.withdrawn.map(\.number)
    if rebuild {
      change.withdrawn = work.contents.files.map(\.number)
      change.replaced = work.contents.segments.map(\.number)
    }
    return change
  }
}

extension SegmentRecord {
  /// The record of a segment that has these facts.
  init(_ facts: SegmentFacts) {
    self.init(
      name: facts.name, byteCount: facts.byteCount, rowCount: facts.rowCount,
      entityCount: facts.entityCount, span: facts.span, repeatCount: facts.repeatCount)
  }
}

extension SegmentFacts {
  /// The facts that the registry recorded.
  init(_ record: SegmentRecord) {
    self.init(
      name: record.name, byteCount: record.byteCount, rowCount: record.rowCount,
      entityCount: record.entityCount, span: record.span, repeatCount: record.repeatCount)
  }
}
