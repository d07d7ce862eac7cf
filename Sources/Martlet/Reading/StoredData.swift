public import MartletColumns
public import MartletEngine
import MartletOffline
public import MartletPlan
public import MartletRegistry

/// What is stored, as of one version of the data: however long it is read, it stays the same.
public struct StoredData: Sendable {
  /// The version of the data.
  public let version: Int

  /// When each set was last brought up to date, by its name; only of sets that are stored.
  public let reads: [String: SetRead]

  /// What each set holds, by its name; only of sets that are stored.
  public let contents: [String: SetContents]

  let project: Project

  /// Keeps what is read from being deleted.
  private let lock: ReaderLock

  /// What `project` has stored as of version `version` of the data, the newest if `nil`.
  public init(
    _ project: Project, _ registry: Registry, at version: Int? = nil
  ) throws {
    lock = try ReaderLock.share(in: project.store)
    self.project = project
    let newest = try registry.currentData()
    self.version = version ?? newest
    var reads: [String: SetRead] = [:]
    var contents: [String: SetContents] = [:]
    for set in project.plan.sets {
      let held = try registry.contents(of: SetName(set), at: self.version)
      if let read = try registry.lastRead(of: set.name), read.layout == set.layout {
        reads[set.name] = read
        contents[set.name] = held
      } else if version != nil, !held.files.isEmpty {
        // An older version of the data has what was defined then.
        contents[set.name] = held
      }
    }
    self.reads = reads
    self.contents = contents
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

  /// What `set` answers about the entities of `keys`, each as of its row of `times`.
  func answers(of set: SetPlan, keys: [Column], at times: Column) throws -> SetAnswers {
    var unused = DraftReport()
    return try answering.answers(of: set, Questions(keys: keys, times: times), &unused)
  }

  /// What `set` answers for each of the first `limit` entities that have a row, as of `moment`.
  public func preview(
    of set: SetPlan, at moment: Instant, limit: Int
  ) throws -> (entities: [Column], answers: SetAnswers, report: DraftReport) {
    try answering.preview(of: set, at: moment, limit: limit)
  }

  /// The entities that `service` can be asked about and that have a row by `moment`, a column for each
  /// of its keys, in the order of keys.
  public func entities(of service: ServicePlan, at moment: Instant) throws -> [Column] {
    try answering.entities(of: service, at: moment)
  }

  /// How many rows of `set` a reader sees: those of files that are gone are stored until segments are
  /// merged, and seen no more.
  public func seenRowCount(of set: SetPlan) throws -> Int {
    let folder = SegmentFolder(of: set.name, in: project.store)
    return try (contents[set.name]?.segments ?? []).reduce(0) { total, segment in
      guard segment.withdrawn.contains(true) else { return total + segment.rowCount }
      let reader = try SegmentReader(
        set, SegmentFacts(segment), in: folder, withdrawn: segment.withdrawn)
      return total + (try reader.seenRowCount())
    }
  }

  /// The stored sets that `service` leans on, by their names.
  public func sets(of service: ServicePlan) -> [SetName] {
    var names: Set<String> = []
    for case .lookup(let lookup) in service.stages { names.insert(lookup.set) }
    return project.plan.sets.filter { names.contains($0.name) }.map { SetName($0) }
  }

  /// Rows that ask about moments after a set's source was last read.
  public struct Gap: Sendable {
    /// How many rows do.
    public let rows: Int

    /// The set that was read first.
    public let set: String

    /// When it was.
    public let readAt: Instant
  }

  /// The gap between the newest of `times` and what is stored for `service`, if there is one.
  public func gap(of service: ServicePlan, at times: Column) -> Gap? {
    guard case .time(let moments) = times.values else { return nil }
    var oldest: (set: String, read: SetRead)?
    for case .lookup(let lookup) in service.stages {
      guard let read = reads[lookup.set] else { continue }
      if oldest.map({ read.at < $0.read.at }) ?? true { oldest = (lookup.set, read) }
    }
    guard let oldest else { return nil }
    let rows = (0..<moments.count).count { row in
      moments[row] > oldest.read.at.microseconds && !times.isNull(at: row)
    }
    return rows == 0 ? nil : Gap(rows: rows, set: oldest.set, readAt: oldest.read.at)
  }

  private var answering: Answering {
    Answering(project: project, origin: StoredRows(project, contents))
  }
}
