import Glibc
public import MartletColumns
import MartletEngine
import MartletLanguage
import MartletOffline
public import MartletOnline
public import MartletPlan
public import MartletRegistry

/// The online store of a project, open: this process owns it.
///
///     segments ──update──▶ online ◀──push── rows
///                            └──▶ features
///
/// It introduces the online store to the registry, which notes how far it surely got, and to the
/// offline store, which it is loaded from and which its pushes flow into.
public final class OnlineData: Sendable {
  private let project: Project

  /// The store.
  public let store: OnlineStore

  /// What it answers by the project's definitions.
  public let features: OnlineFeatures

  /// Held as long as the store is open, and while one is moved out of the way.
  private let lock: SetLock

  /// Opens the online store of `project`, a new one where there is none.
  public init(_ project: Project, _ registry: Registry) throws {
    self.project = project
    let folder = Self.folder(of: project)
    lock = try Self.lock(project)
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
      throw OfflineError(attempt: "making `\(folder)`", reason: .refused(SystemError.last.reason))
    }
    store = try OnlineStore.open(folder, recorded: try registry.recordedOnlineCommit())
    features = try OnlineFeatures(project.plan, of: store, zones: project.zones)
  }

  /// The store of `other`, by the definitions of `project`, which were applied meanwhile.
  public init(_ project: Project, over other: OnlineData) throws {
    self.project = project
    store = other.store
    lock = other.lock
    features = try OnlineFeatures(project.plan, of: store, zones: project.zones)
  }

  static func folder(of project: Project) -> String { "\(project.store)/online" }

  /// The right to the online store of `project`. RocksDB has a lock of its own, but in the folder, which
  /// cannot keep others out while the folder is moved.
  static func lock(_ project: Project) throws -> SetLock {
    // No set has such a name.
    guard let lock = try SetLock.take(".online", in: project.store) else {
      throw OnlineError.held(
        by: SetLock.holder(of: ".online", in: project.store)?.description,
        attempting: "opening the online store in `\(folder(of: project))`")
    }
    return lock
  }

  /// The same, or `nil` while another process owns the online store.
  public static func ifFree(_ project: Project, _ registry: Registry) throws -> OnlineData? {
    do { return try OnlineData(project, registry) } catch let error as OnlineError {
      if case .heldByAnotherProcess = error.reason { return nil }
      throw error
    }
  }

  /// Writes the pushes that are in no file yet to files, for the next run to read.
  public func writePushFiles(_ registry: Registry) throws {
    try Self.writePushFiles(of: project, from: store, registry)
  }

  /// - Returns: How many rows were written.
  @discardableResult
  static func writePushFiles(
    of project: Project, from store: OnlineStore, _ registry: Registry
  ) throws -> Int {
    let incarnation = try registry.onlineIncarnation()
    var rowCount = 0
    for source in project.plan.sources {
      rowCount += try PushFiles(of: source.name, in: project.store).write(
        from: store, incarnation: incarnation)
    }
    return rowCount
  }

  /// What was loaded by an update.
  public struct Update: Sendable {
    /// The set.
    public var set: String

    /// The version of the data that is online now.
    public var data: Int

    /// How many rows and entities it has.
    public var rowCount: Int
    public var entityCount: Int
  }

  /// Loads every set whose rows are of other files than those that are online; `names` alone, or all.
  public func update(
    _ registry: Registry, sets names: [String] = [], at moment: Instant
  ) throws -> [Update] {
    // Loads leave out what only questions before the horizon could see.
    try store.moveHorizon(at: moment, by: TimeLength(microseconds: 60_000_000))
    let stored = try StoredData(project, registry)
    var updates: [Update] = []
    for set in project.plan.sets where names.isEmpty || names.contains(set.name) {
      guard let contents = stored.contents[set.name] else { continue }
      let before = try registry.onlineLoad(of: set.name)
      if let before, before.set.layout == set.layout {
        let loaded = try registry.contents(of: SetName(set), at: before.data)
        // Segments may be others by now: merged, they hold the same rows.
        if loaded.files == contents.files { continue }
      }
      updates.append(try load(set, contents, stored, registry, at: moment))
      // One load back stays within reach.
      if let before {
        try store.forgetPushes(
          to: set.source, upTo: try fed(of: set.source, before.pushes, registry))
      }
    }
    try store.keepOnly(project.plan.sets)
    try store.sweep(project.plan.sets)
    try registry.recordOnline(commit: store.lastCommit)
    return updates
  }

  /// The last commit that every set of `source` holds in its load.
  private func fed(
    of source: String, _ commit: UInt64, _ registry: Registry
  ) throws -> UInt64 {
    var least = commit
    for set in project.plan.sets where set.source == source {
      least = min(least, try registry.onlineLoad(of: set.name)?.pushes ?? 0)
    }
    return least
  }

  private func load(
    _ set: SetPlan, _ contents: SetContents, _ stored: StoredData, _ registry: Registry,
    at moment: Instant
  ) throws -> Update {
    let folder = "\(project.store)/online.loads"
    // What a load that was killed left there may be another name of files that the store has taken in:
    // it is taken away, and never written over.
    removeFolder(folder)
    guard mkdir(folder, 0o777) == 0 else {
      throw OfflineError(attempt: "making `\(folder)`", reason: .refused(SystemError.last.reason))
    }
    defer { removeFolder(folder) }
    let incarnation = try registry.onlineIncarnation()
    let pushes = contents.files.compactMap {
      PushFiles.lastCommit(ofFileAt: $0.file.path, in: incarnation)
    }.max()
    var writer = try store.writer(for: set, in: folder)
    let segments = SegmentFolder(of: set.name, in: project.store)
    for segment in contents.segments {
      let reader = try SegmentReader(
        set, SegmentFacts(segment), in: segments, withdrawn: segment.withdrawn)
      try reader.read(0..<reader.rowCount) { rows in
        try project.hasRead(rows.rowCount)
        try writer.add(rows)
      }
    }
    let sealed = try writer.finish()
    let commit = try store.take(
      sealed, of: set, holdingPushesUpTo: pushes ?? 0, zones: project.zones)
    try registry.record(
      OnlineLoad(SetName(set), data: stored.version, pushes: pushes ?? 0, at: moment),
      commit: commit)
    return Update(
      set: set.name, data: stored.version, rowCount: sealed.rowCount,
      entityCount: sealed.entityCount)
  }

  /// Lets the load before the current one answer again, with what was pushed since: of the sets called
  /// `names`, or of all that have one. Doing it again undoes it.
  ///
  /// An update leaves it so until there is something new to load.
  ///
  /// - Returns: The sets.
  public func goBack(_ names: [String], _ registry: Registry) throws -> [String] {
    let sets = project.plan.sets.filter { set in
      names.isEmpty ? store.canGoBack(set) : names.contains(set.name)
    }
    for set in sets { try store.goBack(set, zones: project.zones) }
    try registry.recordOnline(commit: store.lastCommit)
    return sets.map(\.name)
  }

  /// Appends `rows` to `source`; durable, and counted in the next answer, when this returns.
  public func push(_ rows: Batch, to source: SourcePlan) throws -> OnlineFeatures.Receipt {
    let verdict = RowJudge(source, zones: project.zones).judge(rows).verdict
    for (expectation, failed) in zip(source.expectations, verdict.failures)
    where expectation.reaction == .fail && failed > 0 {
      throw DraftError(
        attempt: "pushing to `\(source.name)`",
        reason: .expectationFailed(written: expectation.written, rows: failed))
    }
    return try features.push(rows, to: source)
  }
}

/// Removes a folder of files and what is in it.
func removeFolder(_ path: String) {
  guard let stream = opendir(path) else { return }
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { unlink("\(path)/\(name)") }
  }
  closedir(stream)
  rmdir(path)
}
