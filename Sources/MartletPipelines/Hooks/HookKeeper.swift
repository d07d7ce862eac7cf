import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletRegistry
import MartletSources

/// Notices what hooks are to tell, writes it down, and has it told.
struct HookKeeper {
  private let registry: Registry
  private let mailbox: Mailbox
  private let clock: @Sendable () -> Instant
  private let commandLimit: TimeLength
  private var courier: Courier
  private var project: Project
  private var occasions: HookOccasions

  /// Whether something may have been written down that nobody has looked at since.
  private var isOwing = true

  init(
    _ project: Project, _ registry: Registry, _ mailbox: Mailbox, commandLimit: TimeLength,
    clock: @escaping @Sendable () -> Instant
  ) {
    self.commandLimit = commandLimit
    courier = Self.courier(of: project, mailbox, commandLimit, clock)
    self.registry = registry
    self.mailbox = mailbox
    self.clock = clock
    self.project = project
    occasions = HookOccasions(project.definitions)
  }

  /// The definitions are those of `project` from now on.
  mutating func keep(_ project: Project) {
    self.project = project
    occasions = HookOccasions(project.definitions)
  }

  /// Whether something is being told, or due to be.
  var isTelling: Bool { !occasions.isEmpty && (isOwing || courier.isBusy) }

  /// This process leads: it is the one that tells.
  mutating func begin() {
    courier = Self.courier(of: project, mailbox, commandLimit, clock)
    isOwing = true
  }

  /// Ends what is being told; another process tells it again.
  func end() { courier.end() }

  /// Whether `end` has been heard by all.
  var hasEnded: Bool { !courier.isBusy }

  /// What is to be told of `ticks`.
  mutating func deliveries(of ticks: [TickRecord], at now: Instant) throws -> [DeliveryRecord] {
    if occasions.isEmpty { return [] }
    isOwing = true
    return try ticks.filter { $0.endedAt != nil }.flatMap { tick in
      let rejected = try tick.run.map { try rejectedRowCount(ofRun: $0) } ?? 0
      return occasions.deliveries(of: tick, rejected: rejected, at: now)
    }
  }

  /// Notices services whose data is fresh: of those with one of `sets`, or of all.
  mutating func noticeFreshData(
    of sets: [String]?, at now: Instant, _ isUpToDate: ([String]) -> Bool
  ) throws {
    for (service, members) in occasions.awaitedServices where isUpToDate(members) {
      if let sets, !members.contains(where: sets.contains) { continue }
      let data = try registry.newestFileChange(of: members)
      // Data of which some of the sets knows nothing yet is not the service's.
      let areRead = try members.allSatisfy { try registry.lastRead(of: $0) != nil }
      guard data > 0, areRead else { continue }
      try registry.add(occasions.deliveries(ofFresh: service, data: data, at: now))
      isOwing = true
    }
  }

  /// Notices what has become stale and which hooks are due by themselves.
  mutating func look(at now: Instant) throws {
    if occasions.isEmpty { return }
    for set in occasions.promisedSets {
      guard let read = try registry.lastRead(of: set) else { continue }
      try registry.add(occasions.deliveries(ofStale: set, read: read.at, at: now))
    }
    for hook in project.definitions.hooks {
      guard let schedule = hook.schedule,
        let ticks = try Ticks(schedule, rules: ZoneFiles.rules(of:))
      else { continue }
      let last = try registry.lastTick(ofHook: hook.name, keptSince: now)
      if let due = ticks.last(after: last, upTo: now) {
        try registry.add([occasions.delivery(ofTick: due, of: hook)])
      }
    }
    // What was tried in vain before may be due again.
    isOwing = true
  }

  /// Has told what is due.
  mutating func tell(at now: Instant) throws {
    guard isOwing, !occasions.isEmpty else { return }
    let names = try registry.hooksWithDueDeliveries(at: now)
    courier.deliver(names, by: project.definitions.hooks)
    isOwing = !names.isEmpty
  }

  private static func courier(
    of project: Project, _ mailbox: Mailbox, _ commandLimit: TimeLength,
    _ clock: @escaping @Sendable () -> Instant
  ) -> Courier {
    let action = HookAction(folder: project.folder, commandLimit: commandLimit)
    return Courier(action, store: project.store, mailbox, clock: clock)
  }

  /// How many rows a run found not to be as expected, by its report.
  private func rejectedRowCount(ofRun number: Int) throws -> Int {
    guard let run = try registry.runs(limit: 100).first(where: { $0.number == number }),
      // A report is ours; one that cannot be read tells of no rows.
      case .object(let members) = try? JSON(reading: run.report),
      case .object(let failures) = members.first(where: { $0.name == "failures" })?.value
    else { return 0 }
    return failures.reduce(0) { sum, failure in
      if case .int(let count) = failure.value { sum + Int(clamping: count) } else { sum }
    }
  }
}
