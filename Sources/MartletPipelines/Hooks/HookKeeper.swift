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
  private let courier = Courier()
  private var project: Project
  private var occasions: HookOccasions

  init(
    _ project: Project, _ registry: Registry, _ mailbox: Mailbox,
    clock: @escaping @Sendable () -> Instant
  ) {
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

  /// Whether something is being told.
  var isTelling: Bool { courier.isBusy }

  /// What is to be told of `ticks`.
  func deliveries(of ticks: [TickRecord], at now: Instant) throws -> [DeliveryRecord] {
    if occasions.isEmpty { return [] }
    return try ticks.filter { $0.endedAt != nil }.flatMap { tick in
      let rejected = try tick.run.map { try rejectedRowCount(ofRun: $0) } ?? 0
      return occasions.deliveries(of: tick, rejected: rejected, at: now)
    }
  }

  /// Notices services whose data is fresh: of those with one of `sets`, or of all.
  func noticeFreshData(
    of sets: [String]?, at now: Instant, _ isDone: ([String]) -> Bool
  ) throws {
    for (service, members) in occasions.awaitedServices where isDone(members) {
      if let sets, !members.contains(where: sets.contains) { continue }
      let data = try registry.newestFileChange(of: members)
      // Data of which some of the sets knows nothing yet is not the service's.
      let areRead = try members.allSatisfy { try registry.lastRead(of: $0) != nil }
      guard data > 0, areRead else { continue }
      try registry.add(occasions.deliveries(ofFresh: service, data: data, at: now))
    }
  }

  /// Notices what has become stale and which hooks are due by themselves, and has told what is to be.
  func look(at now: Instant, leadingSince start: Instant) throws {
    if occasions.isEmpty { return }
    for set in occasions.promisedSets {
      guard let read = try registry.lastRead(of: set) else { continue }
      try registry.add(occasions.deliveries(ofStale: set, read: read.at, at: now))
    }
    let hooks = project.definitions.hooks
    for hook in hooks {
      guard let schedule = hook.schedule,
        let ticks = try Ticks(schedule, rules: ZoneFiles.rules(of:))
      else { continue }
      let last = try registry.lastTick(ofHook: hook.name) ?? start
      if let due = ticks.last(after: last, upTo: now) {
        try registry.add([occasions.delivery(ofTick: due, of: hook)])
      }
    }
    if !courier.isBusy, try !registry.dueDeliveries(at: now).isEmpty {
      courier.deliver(hooks, from: project.store, in: project.folder, mailbox, clock: clock)
    }
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
