public import MartletColumns
public import MartletRegistry

/// Decides what runs when: events in, effects out, without a clock, a disk or a thread.
///
///     set:   idle ──tick, new data──▶ waiting ──begin──▶ running ──done, given up──▶ idle
///                                        ▲────failed, busy──┘
///
/// - Ticks that came due together, during downtime, a pause or a run that took long, are one record, and
///   run once. The records of a set leave no tick out and have none twice.
/// - Sets of one source that are due run in one job, and a source has one job at a time.
/// - The job whose tick has been due longest begins first.
/// - Nothing is done but by the effects: what they record is what another scheduler goes on from.
public struct Scheduler: Sendable {
  private var policy: SchedulePolicy
  private var sets: [String: Standing] = [:]
  private var jobs: [Int: RunningJob] = [:]
  private var lastJob = 0

  /// What a scheduler wants done.
  public enum Effect: Hashable, Sendable {
    /// Write these records.
    case record([TickRecord])

    /// Begin this job; its records were written just before.
    case begin(ScheduledJob)

    /// Ask this job to end: it takes too long.
    case stop(Int)
  }

  fileprivate struct Standing {
    var set: ScheduledSet
    var open: TickRecord?
    var job: Int?
    var isPaused = false
  }

  private struct RunningJob {
    var job: ScheduledJob
    var isTooLate = false
  }

  /// A scheduler of nothing yet.
  public init(_ policy: SchedulePolicy) { self.policy = policy }

  /// How many jobs run.
  public var jobCount: Int { jobs.count }

  /// Whether nothing runs and nothing waits, but for what is paused.
  public var isIdle: Bool {
    jobs.isEmpty && sets.values.allSatisfy { $0.open == nil || $0.isPaused }
  }

  /// Whether nothing runs and nothing waits of `names`, and none of them was given up last.
  public func areUpToDate(_ names: [String]) -> Bool {
    names.allSatisfy { name in
      sets[name].map { $0.open == nil && !$0.set.isFailing } ?? true
    }
  }

  // MARK: Events

  /// The sets are these, from `now` on. Jobs that run go on; of a set that is known only its schedule
  /// changes, and what it owes.
  public mutating func keep(_ wanted: [ScheduledSet], at now: Instant) {
    var kept: [String: Standing] = [:]
    for set in wanted {
      var standing = sets[set.name] ?? Standing(set: set, open: set.unfinished)
      let before = sets[set.name]?.set.doneUpTo
      standing.set = set
      if let before { standing.set.doneUpTo = max(before, set.doneUpTo) }
      if standing.job == nil {
        // What a process that is gone had begun is to be tried again.
        standing.open?.state = .waiting
        if let cause = set.isOwed, standing.open == nil {
          standing.open = TickRecord(
            set: set.name, due: now, since: standing.first(upTo: now), cause: cause)
        }
      }
      kept[set.name] = standing
    }
    // A set that is gone is forgotten once its job has ended.
    for (name, standing) in sets where kept[name] == nil && standing.job != nil {
      kept[name] = standing
      kept[name]?.set.ticks = nil
    }
    sets = kept
  }

  /// Exactly these sets are paused.
  public mutating func pause(_ paused: Set<String>) {
    for name in sets.keys { sets[name]?.isPaused = paused.contains(name) }
  }

  /// There is something new for `names`.
  public mutating func noticeNewData(for names: [String], at now: Instant) {
    for name in names {
      guard var standing = sets[name], standing.job == nil, standing.open == nil else { continue }
      standing.open = TickRecord(
        set: name, due: now, since: standing.first(upTo: now), cause: .newData)
      sets[name] = standing
    }
  }

  /// It is `now`.
  public mutating func advance(to now: Instant) -> [Effect] {
    for name in sets.keys { sets[name]?.collect(upTo: now) }
    var effects: [Effect] = []
    if let limit = policy.timeLimit {
      for (number, running) in jobs.sorted(by: { $0.key < $1.key })
      where !running.isTooLate && running.job.startedAt.advanced(by: limit.microseconds) <= now {
        jobs[number]?.isTooLate = true
        effects.append(.stop(number))
      }
    }
    return effects + begin(at: now)
  }

  /// Job `number` ended.
  public mutating func finish(
    _ number: Int, _ outcome: JobOutcome, at now: Instant
  ) -> [Effect] {
    guard let running = jobs.removeValue(forKey: number) else { return [] }
    let records = running.job.ticks.map { tick in
      judged(tick, outcome, isTooLate: running.isTooLate, at: now)
    }
    for record in records {
      sets[record.set]?.job = nil
      if record.endedAt == nil {
        sets[record.set]?.open = record
      } else {
        sets[record.set]?.open = nil
        sets[record.set]?.set.isOwed = nil
        sets[record.set]?.set.isFailing = record.state == .failed
        if let done = sets[record.set]?.set.doneUpTo {
          sets[record.set]?.set.doneUpTo = max(done, record.due)
        }
      }
    }
    return [.record(records)]
  }
}

// MARK: Decisions

extension Scheduler {
  private mutating func begin(at now: Instant) -> [Effect] {
    var effects: [Effect] = []
    let taken = Set(jobs.values.map(\.job.source))
    var ready: [String: [TickRecord]] = [:]
    for standing in sets.values {
      guard let open = standing.open, standing.job == nil, !standing.isPaused,
        open.notBefore <= now, !taken.contains(standing.set.source)
      else { continue }
      ready[standing.set.source, default: []].append(open)
    }
    func rank(_ entry: (key: String, value: [TickRecord])) -> (Instant, String) {
      (entry.value.map(\.since).min() ?? now, entry.key)
    }
    for (source, ticks) in ready.sorted(by: { rank($0) < rank($1) }) {
      guard jobs.count < policy.jobLimit else { break }
      let started = ticks.sorted { $0.set < $1.set }.map { tick in
        var tick = tick
        tick.state = .running
        return tick
      }
      lastJob += 1
      let job = ScheduledJob(number: lastJob, source: source, ticks: started, startedAt: now)
      jobs[lastJob] = RunningJob(job: job)
      for tick in started {
        sets[tick.set]?.open = tick
        sets[tick.set]?.job = lastJob
      }
      effects += [.record(started), .begin(job)]
    }
    return effects
  }

  private func judged(
    _ tick: TickRecord, _ outcome: JobOutcome, isTooLate: Bool, at now: Instant
  ) -> TickRecord {
    var tick = tick
    func end(_ state: TickRecord.State) {
      tick.state = state
      tick.endedAt = now
    }
    func waitUntil(_ moment: Instant) {
      tick.state = .waiting
      tick.notBefore = moment
    }
    switch outcome {
    case .done(let run, _):
      tick.run = run
      tick.words = ""
      end(.done)
    case .busy: waitUntil(now.advanced(by: policy.busyPause.microseconds))
    case .interrupted where !isTooLate: waitUntil(now)
    case .cancelled(let run) where !isTooLate:
      tick.run = run
      tick.words = "cancelled"
      end(.failed)
    case .cancelled, .interrupted, .failed:
      var mayPass = true
      if case .failed(let run, let words, let passes) = outcome {
        tick.run = run
        (tick.words, mayPass) = (words, passes)
      } else {
        tick.words = "it took longer than \(policy.timeLimit.map { "\($0)" } ?? "it may")"
      }
      tick.failures += 1
      guard mayPass, tick.failures < policy.attemptLimit else {
        end(.failed)
        break
      }
      let pause = policy.pause(afterFailure: tick.failures, of: tick.set, due: tick.due)
      waitUntil(now.advanced(by: pause))
    }
    return tick
  }
}

extension Scheduler.Standing {
  /// Makes what came due up to `now` one record with what waits already.
  fileprivate mutating func collect(upTo now: Instant) {
    guard job == nil, let ticks = set.ticks else { return }
    let start = max(set.doneUpTo, open?.due ?? set.doneUpTo)
    guard let last = ticks.last(after: start, upTo: now) else { return }
    if open != nil {
      open?.due = last
    } else {
      open = TickRecord(
        set: set.name, due: last, since: ticks.first(after: set.doneUpTo) ?? last, cause: .schedule)
    }
  }

  /// The first tick that a record which ends `now` stands for; `now` itself where there is none.
  fileprivate func first(upTo now: Instant) -> Instant {
    guard let first = set.ticks?.first(after: set.doneUpTo), first <= now else { return now }
    return first
  }
}

extension Instant {
  /// The moment so many microseconds later, or the last there is.
  func advanced(by microseconds: Int64) -> Instant {
    let (sum, overflow) = self.microseconds.addingReportingOverflow(microseconds)
    return Instant(microseconds: overflow ? (microseconds < 0 ? .min : .max) : sum)
  }
}
