import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletOnline
import MartletPipelines
import MartletRegistry
import MartletServing
import Synchronization

extension Command {
  /// `martlet serve`
  static let serve = Command(
    "serve", "Answer features over HTTP, and take pushed rows in.",
    about: """
      Owns the online store while it runs. What is applied or materialized meanwhile is served within \
      a second or two; a request is answered by one version from its first byte to its last. Ends on \
      SIGTERM or Ctrl-C, when what has begun is answered.
      """,
    flags: [listen, open, drain, threads, schedule] + ScheduleFlags.all,
    examples: [
      Example("martlet serve"),
      Example("martlet serve --listen 127.0.0.1:9000 --drain 30s"),
      Example("martlet serve --schedule", "And keep the schedules, as `martlet run` does:"),
      Example("curl -s localhost:8080/readyz"),
    ],
    run: serveFeatures)
}

private let listen = Flag.value(
  "listen", .address, default: ListenAddress(host: "127.0.0.1", port: 8_080),
  "Listen here; port 0 is any that is free.")
private let open = Flag.switch(
  "open", "Let everyone who reaches the machine ask and push, where it listens beyond loopback.")
private let drain = Flag.value(
  "drain", .length, default: TimeLength(microseconds: 10_000_000),
  "When told to end, wait so long for what has begun.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Serve on this many threads; else one a processor.")

private let schedule = Flag.switch("schedule", "Keep the schedules too.")

private func serveFeatures(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, version) = try Project.applied(of: invocation, threads: 1)
  return try withProjectErrors {
    let online = try OnlineData(project, registry)
    let store = OnlineServedStore()
    var keeper = ServedVersion(project, registry, version, online, store)
    try keeper.begin()

    var settings = ServerSettings()
    settings.loopCount = invocation[threads]
    let server: Server
    do throws(SocketError) {
      server = try Server(
        answeringFrom: store, at: invocation[listen],
        openTo: invocation[open] ? .everyone : .thisMachine, settings: settings)
    } catch {
      throw CommandError.failed(
        error.attempt, error.reason, help: "`--listen` takes another address")
    }
    try registry.record(ServerRecord(process: getpid(), address: "\(server.address)"))
    try invocation.output.line("http://\(server.address)")
    try invocation.output.flush()
    invocation.talk.say("serving version \(version)")

    let schedules = invocation[schedule] ? try ScheduleThread(for: invocation) : nil
    while !invocation.interruption.isRequested {
      usleep(100_000)
      keeper.keepUp(invocation)
    }
    schedules?.wait()
    server.drain(seconds: Double(invocation[drain].microseconds) / 1e6)
    server.wait()
    try keeper.end()
    return .done
  }
}

/// The schedules, kept on a thread of their own: loading what is new may take longer than a lease.
private final class ScheduleThread: Sendable {
  private let hasEnded = Atomic<Bool>(false)

  /// Begins to keep the schedules until the call is interrupted.
  init(for invocation: Invocation) throws {
    // The other thread uses of it what may be used from any: settings, talk, the interruption. Not its
    // output. The keeper is made here, for its errors, and used there alone.
    nonisolated(unsafe) let keeper = try ScheduleKeeper.opened(
      for: invocation, threads: nil, isOnlineServed: true)
    let interruption = invocation.interruption
    startThread { [self] in
      while !interruption.isRequested {
        keeper.step()
        usleep(50_000)
      }
      keeper.end { usleep(10_000) }
      hasEnded.store(true, ordering: .releasing)
    }
  }

  /// Returns once the thread has ended, which it does when the call is interrupted.
  func wait() { while !hasEnded.load(ordering: .acquiring) { usleep(10_000) } }
}

/// The version that is served, kept up with what is applied and materialized while it is.
private struct ServedVersion {
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

extension ValueKind where Value == ListenAddress {
  /// `HOST:PORT`.
  fileprivate static var address: Self {
    ValueKind(placeholder: "HOST:PORT", completion: .nothing) { text throws(WrongValue) in
      guard let address = ListenAddress(text) else {
        throw WrongValue(expected: "an address such as `127.0.0.1:8080` or `[::1]:8080`")
      }
      return address
    }
  }
}
