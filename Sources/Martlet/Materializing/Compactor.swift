public import MartletColumns
public import MartletDiagnostics
import MartletOffline
public import MartletPlan
public import MartletRegistry

/// Makes fewer segments of many, so that reading them stays quick; what they say stays the same.
///
/// Segments of about one size are merged when there are four, so that a row is written anew about as
/// often as the store grows fourfold:
///
///     rows   4 Ki ▌▌▌▌ ──▶ 16 Ki ▌▌▌▌ ──▶ 64 Ki …
public struct Compactor {
  private let project: Project
  private let registry: Registry
  private let version: Int
  private let author: String
  private let clock: () -> Instant

  /// About how many bytes a merge may take.
  public var memory = 1 << 30

  /// Segments that are merged at once. Of more, the smallest come first, as often as it takes: each
  /// needs some rows at hand, and so memory.
  private static let mostInputs = 32

  /// A compactor of `project`, whose definitions are version `version`.
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

  /// How much is merged.
  public enum Extent: Sendable {
    /// Four or more segments of about one size.
    case whatPays

    /// All segments of a set, and those with rows of withdrawn files alone.
    case everything
  }

  /// What became of a set's segments.
  public struct Report: Sendable {
    /// The set.
    public var set: String

    /// How many segments were merged, and into how many.
    public var merged = 0
    public var made = 0

    /// The bytes of those merged and of those made.
    public var bytesBefore = 0
    public var bytesAfter = 0

    /// The version of the data that this made; `nil` where nothing was to be done.
    public var data: Int?
  }

  /// Merges segments of `set`; `nil` where another process is at it.
  public func compact(_ set: SetPlan, _ extent: Extent) throws -> Report? {
    guard let lock = try SetLock.take(set.name, in: project.store) else { return nil }
    return try withExtendedLifetime(lock) {
      try registry.clearUp(after: [set.name], in: project.store, at: clock())
      var report = Report(set: set.name)
      while let merged = try mergeOnce(set, extent) { report.add(merged) }
      return report
    }
  }

  /// Merges what is to be merged first; `nil` where nothing is.
  private func mergeOnce(_ set: SetPlan, _ extent: Extent) throws -> Report? {
    let contents = try registry.contents(of: SetName(set), at: try registry.currentData())
    let chosen = Self.choice(contents.segments, extent)
    guard !chosen.isEmpty else { return nil }
    var report = Report(set: set.name)
    let run = try registry.beginRun(
      .compact, of: set.name, version: version, at: clock(), by: author)
    do {
      report.data = try merge(chosen, contents, set, run, &report)
    } catch {
      registry.giveUp(run, over: [set.name], in: project.store, at: clock(), because: error)
      throw error
    }
    return report
  }

  private func merge(
    _ chosen: [SegmentRecord], _ contents: SetContents, _ set: SetPlan, _ run: Int,
    _ report: inout Report
  ) throws -> Int {
    try registry.advance(run: run, to: .writing)
    let folder = SegmentFolder(of: set.name, in: project.store)
    let alive = Set(contents.files.map(\.number))
    let files = Set(chosen.flatMap(\.files).map(\.number)).intersection(alive).sorted()
    let inputs = try chosen.map { segment in
      (
        reader: try SegmentReader(
          set, SegmentFacts(segment), in: folder, withdrawn: segment.withdrawn),
        files: segment.files.map(\.number)
      )
    }
    // Whether an id came again with another segment is not looked for: as many as can be.
    let repeats =
      set.rows.id.isEmpty
      ? 0 : chosen.count == 1 ? chosen[0].repeatCount : chosen.reduce(0) { $0 + $1.rowCount }
    let sealed = try SegmentMerge(set, inputs, files: files, memory: memory).write(
      into: folder, run: run, piece: 1, repeatCount: repeats,
      forEach: { project.forEach($0, $1) }, checkpoint: project.ending(when: run).checkpoint)
    try registry.advance(run: run, to: .sealed)
    try folder.publish(sealed.map { [$0] } ?? [])
    report.merged = chosen.count
    report.made = sealed == nil ? 0 : 1
    report.bytesBefore = chosen.reduce(0) { $0 + $1.byteCount }
    report.bytesAfter = sealed?.facts.byteCount ?? 0
    var commit = RunCommit(run: run, readAt: clock(), report: report.json.text)
    // It looks at no source: who brought the set up to date, and when, stays what it was.
    commit.isPartial = true
    var change = RunCommit.SetChange(SetName(set))
    change.replaced = chosen.map(\.number)
    if let sealed {
      change.segments = [(SegmentRecord(sealed.facts), files.map { .known($0) })]
    }
    commit.sets = [change]
    try project.lastCheckpoint(of: run, registry)
    return try registry.commit(commit, at: clock(), by: author)
  }

  /// The segments to merge first: of every tier from the smallest up that has four, and what is
  /// smaller; so many as are merged at once.
  static func choice(_ segments: [SegmentRecord], _ extent: Extent) -> [SegmentRecord] {
    func first(of chosen: [SegmentRecord]) -> [SegmentRecord] {
      if chosen.count <= mostInputs { return chosen }
      let smallest = chosen.sorted { ($0.rowCount, $0.number) < ($1.rowCount, $1.number) }
      return smallest.prefix(mostInputs).sorted { $0.number < $1.number }
    }
    if case .everything = extent {
      let isDone = segments.count == 1 && !segments[0].withdrawn.contains(true)
      return isDone ? [] : first(of: segments)
    }
    func tier(_ segment: SegmentRecord) -> Int {
      var (tier, rows) = (0, segment.rowCount / 4_096)
      while rows >= 4 {
        tier += 1
        rows /= 4
      }
      return tier
    }
    let tiers = Dictionary(grouping: segments, by: tier)
    guard let highest = tiers.filter({ $0.value.count >= 4 }).keys.max() else { return [] }
    return first(of: segments.filter { tier($0) <= highest })
  }
}

extension Compactor.Report {
  /// Adds what was merged next.
  fileprivate mutating func add(_ other: Compactor.Report) {
    merged += other.merged
    made += other.made
    bytesBefore += other.bytesBefore
    bytesAfter += other.bytesAfter
    data = other.data
  }
}

extension Compactor.Report {
  /// The report as JSON.
  public var json: JSON {
    [
      "set": .string(set), "merged": .count(merged), "made": .count(made),
      "bytes_before": .count(bytesBefore), "bytes_after": .count(bytesAfter),
      "data": data.map { .count($0) } ?? nil,
    ]
  }
}
