import MartletColumns
import MartletEngine
import MartletOffline
import MartletPlan

/// Rows of one set on their way into segments.
///
///     batches ──keep──▶ held ──too many──▶ clustered, sealed as a segment of their own
///                         └───── at the end ─────┘
struct SetGathering: Sendable {
  let set: SetPlan
  private let keeper: RowKeeper
  private let newest: Int64
  private let replaced: Set<Int>
  private let now: Int64
  private var limit: Int
  private var clusterer: RowClusterer
  private(set) var report: RunReport.SetReport

  /// The segments that were sealed, each with the numbers of its files.
  private(set) var sealed: [(segment: SealedSegment, files: [Int])] = []

  /// A gathering of nothing.
  ///
  /// - Parameters:
  ///   - newest: The latest time that the set knew before.
  ///   - replaced: The numbers of files whose rows stand for others that it knew: none of them is late.
  ///   - now: When the run began.
  ///   - limit: How many bytes of rows are held at most.
  init(
    _ set: SetPlan, zones: [String: ZoneRules], newest: Instant?, replaced: Set<Int>,
    now: Instant, limit: Int
  ) {
    self.set = set
    self.limit = limit
    self.newest = newest?.microseconds ?? .min
    self.replaced = replaced
    self.now = now.microseconds
    keeper = RowKeeper(set, zones: zones)
    clusterer = RowClusterer(set)
    report = RunReport.SetReport(set: set.name)
  }

  /// The same, holding nothing yet; one of `count` that together hold as much as this one may.
  func empty(oneOf count: Int) -> SetGathering {
    var copy = self
    copy.limit = max(limit / count, 1 << 20)
    copy.clusterer = RowClusterer(set)
    copy.report = RunReport.SetReport(set: set.name)
    copy.sealed = []
    return copy
  }

  /// Takes in what the set keeps of `rows` of the file numbered `file`.
  mutating func add(_ rows: Batch, from file: Int, _ seal: Seal) throws {
    let (kept, counts) = keeper.keep(rows)
    report.counts.merge(counts)
    guard case .time(let times) = kept.columns[set.keys.count].values else { return }
    let newest = replaced.contains(file) ? .min : newest
    for row in 0..<times.count {
      if times[row] < newest { report.late += 1 }
      if times[row] > now { report.future += 1 }
      if times[row] < 0 { report.ancient += 1 }
    }
    clusterer.add(kept, from: file)
    try sealIfFull(seal)
  }

  /// Takes over what `later` gathered of later rows.
  mutating func merge(_ later: SetGathering, _ seal: Seal) throws {
    report.merge(later.report)
    if !later.sealed.isEmpty {
      // Its first segments are of earlier rows than what it still holds.
      try self.seal(seal)
      sealed += later.sealed
    }
    clusterer.merge(later.clusterer)
    try sealIfFull(seal)
  }

  /// Clusters rows and writes them as a segment.
  typealias Seal =
    @Sendable (SetPlan, consuming RowClusterer) throws -> (
      segment: SealedSegment, files: [Int]
    )

  private mutating func sealIfFull(_ seal: Seal) throws {
    // Columns number their rows and their texts' bytes with 31 bits.
    if clusterer.byteCount >= limit || clusterer.textByteCount >= 1 << 30
      || clusterer.rowCount >= 1 << 30
    {
      try self.seal(seal)
    }
  }

  /// Makes a segment of all rows held.
  mutating func seal(_ seal: Seal) throws {
    guard clusterer.rowCount > 0 else { return }
    let full = clusterer
    clusterer = RowClusterer(set)
    let (segment, files) = try seal(set, full)
    sealed.append((segment, files))
    report.segmentCount += 1
    report.byteCount += segment.facts.byteCount
    report.repeats += segment.facts.repeatCount
    report.widen(segment.facts.span)
  }
}

extension RunReport.SetReport {
  /// Adds what became of other rows.
  mutating func merge(_ other: Self) {
    counts.merge(other.counts)
    late += other.late
    future += other.future
    ancient += other.ancient
    repeats += other.repeats
    segmentCount += other.segmentCount
    byteCount += other.byteCount
    widen(other.span)
  }

  mutating func widen(_ other: ClosedRange<Instant>?) {
    guard let other else { return }
    guard let mine = span else {
      span = other
      return
    }
    span =
      min(mine.lowerBound, other.lowerBound)...max(mine.upperBound, other.upperBound)
  }
}
