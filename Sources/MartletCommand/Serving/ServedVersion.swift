import Martlet
import MartletColumns
import MartletOnline
import MartletRegistry
import MartletServing

/// The version that is served, kept up with what is applied and materialized while it is.
struct ServedVersion {
  private let registry: Registry
  private var version: Int
  private var online: OnlineData
  private var project: Project
  private let store: OnlineServedStore
  private var nextLook = Instant.now
  private var lastTrouble = ""

  init(
    _ project: Project, _ registry: Registry, _ version: Int, _ online: OnlineData,
    _ store: OnlineServedStore
  ) {
    self.project = project
    self.registry = registry
    self.version = version
    self.online = online
    self.store = store
  }

  /// Loads what is stored, and serves it.
  mutating func begin() throws {
    _ = try online.update(registry, at: .now)
    try serve()
  }

  /// Leaves what was pushed where runs find it, once nothing is served any more.
  func end() throws {
    try online.writePushFiles(registry)
    try registry.recordOnline(commit: online.store.lastCommit)
    try registry.record(nil)
  }

  private func serve() throws(OnlineError) {
    try store.serve(
      "\(version)", project.definitions, project.plan, over: online.store, zones: project.zones)
  }

  /// Gives runs the pushed rows that they ask for, and looks for a newer version and newer data every
  /// second. Trouble is said once, and what was served before goes on being served.
  mutating func keepUp(_ invocation: Invocation) {
    do {
      if let number = try registry.askedForPushFiles() {
        try online.writePushFiles(registry)
        try registry.answerPushFiles(number)
      }
      guard Instant.now >= nextLook else { return }
      try look(invocation)
      lastTrouble = ""
    } catch {
      let trouble = "\(error)"
      if trouble != lastTrouble {
        invocation.talk.say("still serving version \(version): \(trouble)")
      }
      lastTrouble = trouble
    }
    nextLook = Instant(microseconds: Instant.now.microseconds + 1_000_000)
  }

  private mutating func look(_ invocation: Invocation) throws {
    if try registry.currentVersion() != version {
      let (newer, _, number) = try Project.applied(of: invocation, threads: 1)
      let data = try OnlineData(newer, over: online.store)
      _ = try data.update(registry, at: .now)
      (project, version, online) = (newer, number, data)
      try serve()
      invocation.talk.say("serving version \(version)")
    } else {
      for update in try online.update(registry, at: .now) {
        invocation.talk.say("serving data version \(update.data) of \(update.set)")
      }
    }
  }
}
