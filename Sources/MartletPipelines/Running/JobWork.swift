import Martlet
import MartletColumns
import MartletOffline
import MartletOnline
import MartletPlan
import MartletRegistry
import MartletSources
import Synchronization

/// Carries a job out: brings its sets up to date, offline and online, on a thread of its own.
struct JobWork: Sendable {
  let job: ScheduledJob
  let project: Project
  let version: Int
  let author: String
  let memory: Int
  let control: JobControl
  let clock: @Sendable () -> Instant

  /// Held by the job that has the online store open; `nil` where a server has it, and keeps it up itself.
  let onlineTurn: OnlineTurn?

  /// Jobs of one process take the online store in turns.
  final class OnlineTurn: Sendable {
    private let turn = Mutex<Void>(())

    func take<Result>(_ body: () throws -> Result) rethrows -> Result {
      try turn.withLock { _ in try body() }
    }
  }

  /// The sets are as fresh as their ticks ask: another process, or this one before it died, did it.
  private struct DoneAlready: Error { var run: Int }

  /// Does it; what comes of it is never thrown.
  func outcome() -> JobOutcome {
    do {
      let registry = try Registry(at: "\(project.store)/registry.sqlite")
      do { return try work(registry) } catch let done as DoneAlready {
        return .done(run: done.run, isNew: false)
      } catch {
        let run = try ownRun(registry)
        if let stop = error as? JobControl.Stop {
          return stop == .interrupted ? .interrupted : .cancelled(run: run)
        }
        if error is RunCancelled { return .cancelled(run: run) }
        return .failed(run: run, words: "\(error)", mayPass: Self.mayPass(error))
      }
    } catch {
      return .failed(run: nil, words: "\(error)", mayPass: Self.mayPass(error))
    }
  }

  private func work(_ registry: Registry) throws -> JobOutcome {
    let project = self.project.checking { [control] in try control.check() }
    let names = Set(job.ticks.map(\.set))
    let sets = project.plan.sets.filter { names.contains($0.name) }
    guard let source = project.plan.source(job.source), !sets.isEmpty else {
      return .cancelled(run: nil)
    }
    try collectPushes(project, registry)
    var materializer = Materializer(
      project, registry, version: version, by: author, clock: clock)
    materializer.memory = memory
    let report = try materializer.materialize(source, sets, rebuild: false) {
      if let run = try doneAlready(sets, registry) { throw DoneAlready(run: run) }
    }
    guard let report else { return .busy }
    if let data = report.data {
      try RunProfile.record(sets, run: report.run, data: data, project, registry)
      let compactor = Compactor(project, registry, version: version, by: author, clock: clock)
      for set in sets { _ = try compactor.compact(set, .whatPays) }
    }
    try onlineTurn?.take {
      _ = try OnlineData.ifFree(project, registry)?
        .update(registry, sets: sets.map(\.name), at: clock())
    }
    return .done(run: report.run, isNew: report.data != nil)
  }

  /// What was pushed since the last run is read by this one. A server that has the online store writes it
  /// to files when asked; one that does not answer soon will have it in time for the next tick.
  private func collectPushes(_ project: Project, _ registry: Registry) throws {
    let isWritten = try onlineTurn?.take {
      guard let online = try OnlineData.ifFree(project, registry) else { return false }
      try online.writePushFiles(registry)
      return true
    }
    if isWritten == true { return }
    _ = try registry.collectServerPushes { try control.check() }
  }

  /// The run that brought all `sets` up to date since their ticks were due; `nil` where there is none.
  private func doneAlready(_ sets: [SetPlan], _ registry: Registry) throws -> Int? {
    var last: Int?
    for set in sets {
      guard let tick = job.ticks.first(where: { $0.set == set.name }),
        let read = try registry.lastRead(of: set.name), read.layout == set.layout,
        read.at >= tick.due
      else { return nil }
      last = max(last ?? 0, read.run)
    }
    return last
  }

  /// The run that this job began, where it came so far.
  private func ownRun(_ registry: Registry) throws -> Int? {
    let subject = job.subject(in: project.plan)
    return try registry.runs(limit: 50).first {
      $0.subject == subject && $0.startedAt >= job.startedAt
    }?.number
  }

  /// Whether trying again may help although nobody changes anything: it does when somebody held something
  /// or a disk was full, and not when the data or the definitions are wrong.
  static func mayPass(_ error: any Error) -> Bool {
    switch error {
    case let error as SourceError:
      switch error.reason {
      case .nothingThere, .refused: true
      case .noRegularFile, .unknownKind, .damaged, .otherColumns, .badValue: false
      }
    case let error as RegistryError:
      switch error.reason {
      case .busy, .full, .unreachable, .runEnded, .moved: true
      case .damaged, .readOnly, .notARegistry, .newerLayout, .noVersion, .nameTaken, .brokenChain,
        .refused:
        false
      }
    case let error as OfflineError:
      if case .refused = error.reason { true } else { false }
    case let error as OnlineError:
      switch error.reason {
      case .heldByAnotherProcess, .full, .unreachable, .refused: true
      default: false
      }
    default: false
    }
  }
}

extension ScheduledJob {
  /// What the run of this job is about, as the registry has it.
  func subject(in plan: Plan) -> String {
    let names = Set(ticks.map(\.set))
    return plan.sets.map(\.name).filter { names.contains($0) }.joined(separator: ",")
  }
}
