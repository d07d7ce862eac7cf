public import Martlet
public import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan
public import MartletRegistry
import MartletSources

/// Keeps the schedules: asks the scheduler what to do, and does it.
///
///     clock, registry, files ──events──▶ Scheduler ──effects──▶ registry, jobs on threads of their own
///
/// One thread calls `step`, a few times a second; it never waits for a job.
public final class ScheduleKeeper {
  private let settings: ScheduleSettings
  private let clock: @Sendable () -> Instant
  private let say: (String) -> Void

  /// Opens the project with the definitions that are applied now.
  private let open: () throws -> (project: Project, version: Int)
  private let registry: Registry
  private let mailbox = Mailbox()
  private let onlineTurn = JobWork.OnlineTurn()
  private var project: Project
  private var version: Int
  private var edition: Int
  private var scheduler: Scheduler
  private var leadership: Leadership
  private var isLeading = false
  private var jobs: [Int: (job: ScheduledJob, control: JobControl)] = [:]
  private var nextLook = Instant(microseconds: .min)
  private var watch: SourceWatch
  private var hooks: HookKeeper
  private var lastTrouble = ""

  /// A keeper of the schedules of the project that `open` opens; `say` tells people what it does.
  public init(
    _ settings: ScheduleSettings, registry: Registry, clock: @escaping @Sendable () -> Instant,
    say: @escaping (String) -> Void,
    open: @escaping () throws -> (project: Project, version: Int)
  ) throws {
    self.settings = settings
    self.registry = registry
    self.clock = clock
    self.say = say
    self.open = open
    // Asked first: what is applied in between is then seen by the first look.
    edition = try registry.definitionsEdition()
    (project, version) = try open()
    scheduler = Scheduler(settings.policy)
    leadership = Leadership(registry, store: project.store, settings)
    watch = SourceWatch(mailbox, pause: settings.lookPause)
    hooks = HookKeeper(
      project, registry, mailbox, commandLimit: settings.hookLimit, clock: clock)
  }

  /// Whether this process is the one that keeps the schedules.
  public var leads: Bool { isLeading }

  /// Whether it is known who leads.
  public private(set) var isSettled = false

  /// Whether this process leads and nothing is due.
  public var isIdle: Bool {
    isLeading && jobs.isEmpty && scheduler.isIdle && !hooks.isTelling
  }

  /// How many ticks were given up.
  public private(set) var failureCount = 0

  /// Does what is to be done now. Trouble with the registry is said, and tried again at the next step.
  public func step() {
    do {
      try work()
      lastTrouble = ""
    } catch {
      let trouble = "\(error)"
      if trouble != lastTrouble { say("keeping the schedules: \(trouble)") }
      lastTrouble = trouble
    }
  }

  /// Asks the jobs and what hooks run to end, waits for them, and lets another process lead. An address that
  /// does not answer is not waited for.
  public func end(waiting pause: () -> Void) {
    for (_, control) in jobs.values { control.end(.interrupted) }
    hooks.end()
    while !jobs.isEmpty {
      do { try takeLetters() } catch { break }
      pause()
    }
    let patience = ContinuousClock.now + .seconds(5)
    while !hooks.hasEnded, ContinuousClock.now < patience { pause() }
    // Who comes next waits for the lease to end, or sees that this process is gone.
    try? leadership.giveUp()
  }

  private func work() throws {
    let now = clock()
    let holds = try leadership.hold(at: now)
    isSettled = true
    guard holds else {
      if isLeading { try lose() }
      return
    }
    if !isLeading { try beginToLead(at: now) }
    try takeLetters()
    if now >= nextLook {
      nextLook = now.advanced(by: 1_000_000)
      try look(at: now)
    }
    try perform(scheduler.advance(to: now))
    // Later than `now`: what was written down meanwhile is due as well.
    try hooks.tell(at: clock())
  }

  private func beginToLead(at now: Instant) throws {
    isLeading = true
    say("keeping the schedules of version \(version)")
    scheduler = Scheduler(settings.policy)
    hooks.begin()
    try keepSets(at: now)
    try hooks.noticeFreshData(of: nil, at: now) { scheduler.areUpToDate($0) }
  }

  /// Another process leads: what runs here is not this process's to record.
  private func lose() throws {
    isLeading = false
    for (_, control) in jobs.values { control.end(.interrupted) }
    hooks.end()
    say("another process keeps the schedules")
  }

  // MARK: What is to be kept

  /// Looks for what somebody else changed: the definitions, pauses, files.
  private func look(at now: Instant) throws {
    let edition = try registry.definitionsEdition()
    if edition != self.edition {
      (project, version) = try open()
      self.edition = edition
      say("keeping the schedules of version \(version)")
      try keepSets(at: now)
    }
    scheduler.pause(Set(try registry.pauses().map(\.set)))
    watch.look(project, version: version, author: settings.author, at: now)
    try hooks.look(at: now)
  }

  private func keepSets(at now: Instant) throws {
    let wanted = try KeptSets.all(of: project, registry, at: now)
    scheduler.keep(wanted, at: now)
    watch.sets = project.definitions.watchedSets
    hooks.keep(project)
    scheduler.pause(Set(try registry.pauses().map(\.set)))
  }

  // MARK: Effects

  private func perform(_ effects: [Scheduler.Effect]) throws {
    for effect in effects {
      switch effect {
      case .record(let ticks):
        let now = clock()
        let told = try hooks.deliveries(of: ticks, at: now)
        guard let lease = leadership.lease,
          try registry.record(ticks, telling: told, under: lease)
        else {
          leadership.lose()
          return try lose()
        }
        let done = ticks.filter { $0.state == .done }.map(\.set)
        if !done.isEmpty {
          try hooks.noticeFreshData(of: done, at: now) { scheduler.areUpToDate($0) }
        }
        for tick in ticks where tick.state == .failed { watch.giveUp(tick.set, at: now) }
      case .begin(let job): begin(job)
      case .stop(let number): jobs[number]?.control.end(.cancelled)
      }
    }
  }

  private func begin(_ job: ScheduledJob) {
    let control = JobControl()
    jobs[job.number] = (job, control)
    let work = JobWork(
      job: job, project: project, version: version, author: settings.author,
      memory: settings.memory / max(1, settings.policy.jobLimit), control: control, clock: clock,
      onlineTurn: settings.isOnlineServed ? nil : onlineTurn)
    let mailbox = mailbox
    let isStarted = startThread { mailbox.put(.ended(job: job.number, work.outcome())) }
    if !isStarted {
      let words = "the system gives no more threads"
      mailbox.put(.ended(job: job.number, .failed(run: nil, words: words, mayPass: true)))
    }
  }

  private func takeLetters() throws {
    for letter in mailbox.takeAll() {
      switch letter {
      case .trouble(let words): say(words)
      case .newData(let sets):
        if isLeading { scheduler.noticeNewData(for: sets, at: clock()) }
      case .ended(let number, let outcome):
        guard let (job, _) = jobs.removeValue(forKey: number) else { continue }
        let effects = scheduler.finish(number, outcome, at: clock())
        tell(job, effects)
        // One that lost its lease records nothing more.
        if leadership.lease != nil { try perform(effects) }
      }
    }
  }

  /// Says what became of a job, aloud and in the log of its run.
  private func tell(_ job: ScheduledJob, _ effects: [Scheduler.Effect]) {
    guard case .record(let ticks)? = effects.first else { return }
    for tick in ticks {
      if tick.state == .failed { failureCount += 1 }
      let line = tick.line
      say(line)
      guard let run = tick.run else { continue }
      do { try registry.note(line, of: run, at: clock()) } catch { say("\(error)") }
    }
  }
}

extension TickRecord {
  /// What became of it, for people.
  var line: String {
    var line = "\(set): due \(due), "
    switch state {
    case .waiting where words.isEmpty: line += "waits for another run of it"
    case .waiting: line += "failed, tried again at \(notBefore): \(words)"
    case .running: line += "running"
    case .done: line += "done" + (run.map { ", run \($0)" } ?? "")
    case .failed:
      line += "given up after \(failures) \(failures == 1 ? "attempt" : "attempts"): \(words)"
    }
    return line
  }
}
