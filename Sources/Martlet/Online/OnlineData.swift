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

  /// Opens the online store of `project`, a new one where there is none.
  public init(_ project: Project, _ registry: Registry) throws {
    self.project = project
    let folder = "\(project.store)/online"
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
      throw OfflineError(attempt: "making `\(folder)`", reason: .refused(SystemError.last.reason))
    }
    store = try OnlineStore.open(folder, recorded: try registry.recordedOnlineCommit())
    features = try OnlineFeatures(project.plan, of: store, zones: project.zones)
  }

  /// A store that is open already, by the definitions of `project`, which were applied meanwhile.
  public init(_ project: Project, over store: OnlineStore) throws {
    self.project = project
    self.store = store
    features = try OnlineFeatures(project.plan, of: store, zones: project.zones)
  }

  /// The same, or `nil` while another process owns the online store.
  public static func ifFree(_ project: Project, _ registry: Registry) throws -> OnlineData? {
    do { return try OnlineData(project, registry) } catch let error as OnlineError {
      if case .heldByAnotherProcess = error.reason { return nil }
      throw error
    }
  }

  /// Writes what was pushed to files as far as the online store can be read, whatever it has lost.
  ///
  /// - Returns: Why it cannot; `nil` where nothing is in the way.
  public static func salvagePushes(of project: Project, _ registry: Registry) throws -> OnlineError?
  {
    let folder = "\(project.store)/online"
    guard access(folder, F_OK) == 0 else { return nil }
    do {
      try writePushFiles(of: project, from: try OnlineStore.openForPushes(folder), registry)
    } catch let error as OnlineError {
      if case .heldByAnotherProcess = error.reason { throw error }
      return error
    }
    return nil
  }

  /// Removes the online store of `project`, which is to be made anew from the offline one.
  ///
  /// What was pushed and is in no file yet is gone with it; see `salvagePushes`.
  public static func remove(of project: Project, _ registry: Registry) throws {
    let folder = "\(project.store)/online"
    let aside = "\(project.store)/online.removed-\(getpid())"
    // The folder first: where this ends half-way the store is missed, and said to be. The other way round
    // its pushes would be taken for those of a new one, and be written to files again.
    guard rename(folder, aside) == 0 || errno == ENOENT else {
      throw OfflineError(attempt: "removing `\(folder)`", reason: .refused(SystemError.last.reason))
    }
    try registry.forgetOnline()
    removeFolder(aside)
  }

  /// Writes the pushes that are in no file yet to files, for the next run to read.
  public func writePushFiles(_ registry: Registry) throws {
    try Self.writePushFiles(of: project, from: store, registry)
  }

  private static func writePushFiles(
    of project: Project, from store: OnlineStore, _ registry: Registry
  ) throws {
    let incarnation = try registry.onlineIncarnation()
    for source in project.plan.sources {
      try PushFiles(of: source.name, in: project.store).write(
        from: store, incarnation: incarnation)
    }
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
        try project.checkpoint()
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
private func removeFolder(_ path: String) {
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
