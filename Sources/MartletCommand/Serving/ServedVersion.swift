import Glibc
import Martlet
import MartletColumns
import MartletOnline
import MartletPlan
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

  /// How far back questions are answered, in microseconds; `nil` where all are.
  private let past: Int64?
  private var nextForgetting = Instant(microseconds: .min)
  private var lastTrouble = ""

  init(
    _ project: Project, _ registry: Registry, _ version: Int, _ online: OnlineData,
    _ store: OnlineServedStore, past: Int64? = nil
  ) {
    self.past = past
    self.project = project
    self.registry = registry
    self.version = version
    self.online = online
    self.store = store
  }

  /// Loads what is stored, and serves it.
  mutating func begin() throws {
    try forget()
    try registry.withdrawGoingBack()
    _ = try online.update(registry, at: .now)
    try serve()
    note()
  }

  /// Refuses questions from before the past that is kept, once a minute: that is a write of its own.
  private mutating func forget() throws(OnlineError) {
    let now = Instant.now
    guard let past, now >= nextForgetting else { return }
    nextForgetting = Instant(microseconds: now.microseconds + 60_000_000)
    try online.store.keep(past: TimeLength(microseconds: past), at: now)
  }

  /// Tells the server how what it serves stands to what is stored.
  private func note() {
    var condition = ServedCondition()
    condition.trouble =
      lastTrouble.isEmpty ? "" : "still serving version \(version): \(lastTrouble)"
    condition.sets = project.plan.sets.map { set in
      // What the registry cannot say now is trouble that is told elsewhere.
      let load = try? registry.onlineLoad(of: set.name)
      let read = try? registry.lastRead(of: set.name)
      return ServedCondition.SetCondition(
        set.name, data: load?.data, loadedAt: load?.at, readAt: read?.at)
    }
    condition.onlineBytes = Self.size(ofFolder: "\(project.store)/online")
    store.note(condition)
  }

  /// What the files in a folder take together.
  private static func size(ofFolder path: String) -> Int {
    guard let stream = opendir(path) else { return 0 }
    defer { closedir(stream) }
    var size = 0
    while let entry = readdir(stream) {
      var facts = stat()
      if fstatat(dirfd(stream), &entry.pointee.d_name.0, &facts, 0) == 0,
        facts.st_mode & S_IFMT == S_IFREG
      {
        size += Int(facts.st_size)
      }
    }
    return size
  }

  /// Leaves what was pushed where runs find it, once nothing is served any more.
  func end() throws {
    try online.writePushFiles(registry)
    try registry.recordOnline(commit: online.store.lastCommit)
    try registry.record(nil)
  }

  private func serve() throws(OnlineError) {
    try store.serve(
      "\(version)", project.definitions, project.plan, over: online.store, zones: project.zones,
      records: ProjectRecords(project, online, version: version))
  }

  /// Gives runs the pushed rows that they ask for, and looks for a newer version and newer data every
  /// second. Trouble is said once, and what was served before goes on being served.
  mutating func keepUp(_ invocation: Invocation) {
    do {
      if let number = try registry.askedForPushFiles() {
        try online.writePushFiles(registry)
        try registry.answerPushFiles(number)
      }
      while let ask = try registry.takeAskToGoBack() {
        try goBack(ask.sets, ask.number, invocation)
      }
      guard Instant.now >= nextLook else { return }
      try forget()
      try look(invocation)
      lastTrouble = ""
    } catch is Interrupted {
      return  // the end of the server, and no trouble
    } catch {
      let trouble = "\(error)"
      if trouble != lastTrouble {
        invocation.talk.say("still serving version \(version): \(trouble)")
      }
      lastTrouble = trouble
    }
    note()
    nextLook = Instant(microseconds: Instant.now.microseconds + 1_000_000)
  }

  /// Lets the loads before answer again, as another process asked for.
  private func goBack(_ sets: [String], _ ask: Int, _ invocation: Invocation) throws {
    do {
      let gone = try online.goBack(sets, registry)
      try registry.answer(goingBack: ask, .done(gone))
      for set in gone { invocation.talk.say("\(set): the load before answers again") }
    } catch let error as OnlineError {
      try registry.answer(goingBack: ask, .failed("\(error.reason)"))
    }
  }

  private mutating func look(_ invocation: Invocation) throws {
    if try registry.currentVersion() != version {
      let (newer, _, number) = try Project.applied(of: invocation, threads: 1)
      let data = try OnlineData(newer, over: online)
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
