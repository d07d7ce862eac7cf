import Glibc
public import MartletColumns
import MartletOffline
public import MartletOnline
import MartletPlan
public import MartletRegistry

extension OnlineData {
  /// Why the online store of `project` cannot be relied on; `nil` where all of it is what was written.
  ///
  /// Reads all of it. That another process has it open is thrown.
  public static func damage(of project: Project, _ registry: Registry) throws -> OnlineError? {
    let recorded = try registry.recordedOnlineCommit()
    guard access(folder(of: project), F_OK) == 0 else {
      return recorded == 0 ? nil : .lost(recorded: recorded)
    }
    do {
      try OnlineData(project, registry).store.readThrough()
      return nil
    } catch let error as OnlineError {
      guard error.isDamage else { throw error }
      return error
    }
  }

  /// What is known of an online store that was given up.
  public struct GivenUp: Sendable {
    /// What was wrong with it; `nil` where nothing was.
    public var damage: OnlineError?

    /// The last of its commits that could be read; 0 where none could.
    public var lastCommit: UInt64 = 0

    /// The last commit that the registry had noted of it.
    public var recorded: UInt64

    /// How many pushed rows that were in no file yet were written to one.
    public var rowCount = 0
  }

  /// Takes out of the online store what was pushed and is in no file yet, as far as it can be read, and
  /// removes the store, which is to be made anew from the offline one.
  ///
  /// Nobody can open it from the first of this to the last, so nothing is pushed to it meanwhile.
  public static func giveUp(_ project: Project, _ registry: Registry) throws -> GivenUp {
    let folder = folder(of: project)
    let lock = try lock(project)
    defer { withExtendedLifetime(lock) {} }
    var given = GivenUp(recorded: try registry.recordedOnlineCommit())
    if access(folder, F_OK) == 0 {
      do {
        let (store, damage) = try OnlineStore.openForPushes(folder)
        given.damage = damage
        given.rowCount = try writePushFiles(of: project, from: store, registry)
        given.lastCommit = store.lastCommit
      } catch let error as OnlineError {
        guard error.isDamage else { throw error }
        given.damage = error
      }
    }
    if given.damage == nil, given.lastCommit < given.recorded {
      given.damage = .lost(recorded: given.recorded)
    }
    let aside = "\(project.store)/online.removed-\(getpid())"
    // The folder first: where this ends half-way the store is missed, and said to be. The other way round
    // its pushes would be taken for those of a new one, and be written to files again.
    guard rename(folder, aside) == 0 || errno == ENOENT else {
      throw OfflineError(attempt: "removing `\(folder)`", reason: .refused(SystemError.last.reason))
    }
    try registry.forgetOnline()
    // RocksDB's repair leaves what it could not read in a folder in the folder.
    removeFolder("\(aside)/lost")
    removeFolder(aside)
    return given
  }

  /// An online store that was made anew.
  public struct Rebuilt: Sendable {
    /// What is known of the one before.
    public var givenUp: GivenUp

    /// What the new one was loaded with.
    public var updates: [Update]

    /// Sets that another process was at: what was pushed to them comes online with the next run.
    public var behind: [String]
  }

  /// Makes the online store of `project` anew from the offline one and from what was pushed to the one
  /// before, which `materializer` brings into the offline one first.
  public static func rebuild(
    _ project: Project, _ registry: Registry, by materializer: Materializer,
    clock: () -> Instant
  ) throws -> Rebuilt {
    let givenUp = try giveUp(project, registry)
    var behind: [String] = []
    for (source, sets) in materializer.groups(of: []) {
      if try materializer.materialize(source, sets, rebuild: false) == nil {
        behind += sets.map(\.name)
      }
    }
    let updates = try OnlineData(project, registry).update(registry, at: clock())
    return Rebuilt(givenUp: givenUp, updates: updates, behind: behind)
  }
}
