import MartletColumns
import MartletRegistry
import SeededRandom
import Testing

@testable import MartletPipelines

/// Whatever happens, every tick is in exactly one record, and is done in effect once.
struct SchedulerLawTests {
  @Test(arguments: Seed.first(60))
  func `no tick is lost and none is doubled, however often the process is killed`(seed: Seed) throws
  {
    var world = World(seed)
    for _ in 0..<600 { world.live() }
    world.settle()
    for (name, every) in world.lengths {
      let records = world.records.filter { $0.set == name && $0.endedAt != nil }
        .sorted { $0.due < $1.due }
      var ticks = Set(stride(from: every, through: world.stoppedAt, by: Int(every)))
      var before = Int64.min
      for record in records {
        #expect(record.since.microseconds > before, "overlaps: \(record)")
        #expect(record.since <= record.due)
        before = record.due.microseconds
        ticks = ticks.filter { !(record.since.microseconds...record.due.microseconds ~= $0) }
      }
      #expect(ticks.isEmpty, "lost of \(name): \(ticks.sorted())")
    }
    for (run, count) in world.recordsOfRun { #expect(count == 1, "\(run) is told \(count) times") }
    #expect(world.mostJobs <= 2)
    #expect(world.records.contains { $0.state == .done })
  }
}

/// A scheduler among jobs that take their time, fail, and processes that die.
private struct World {
  var now: Int64 = 0
  let lengths: [String: Int64]
  var records: [TickRecord] = []
  var recordsOfRun: [String: Int] = [:]

  /// What was due up to then is looked at.
  private(set) var stoppedAt: Int64 = 0
  var mostJobs = 0

  private let sources: [String: String]
  private var random: SeededGenerator
  private var scheduler: Scheduler
  private var running: [(job: ScheduledJob, ends: Int64)] = []

  /// What a store would remember: when each set was last read, and by which run.
  private var reads: [String: (at: Int64, run: Int)] = [:]
  private var lastRun = 0
  private var paused: Set<String> = []

  init(_ seed: Seed) {
    random = seed.generator()
    var lengths: [String: Int64] = [:]
    var sources: [String: String] = [:]
    for number in 0..<5 {
      lengths["set\(number)"] = Int64.random(in: 1...40, using: &random) * 7_000_000
      sources["set\(number)"] = "source\(number % 3)"
    }
    self.lengths = lengths
    self.sources = sources
    scheduler = Scheduler(SchedulePolicy())
    restart()
  }

  /// Another process begins with what was recorded.
  private mutating func restart() {
    running = []
    scheduler = Scheduler(SchedulePolicy())
    let sets = lengths.keys.sorted().map { name in
      let mine = records.filter { $0.set == name }
      return ScheduledSet(
        name, of: sources[name] ?? "",
        ticks: Ticks(every: TimeLength(microseconds: lengths[name] ?? 1)),
        doneUpTo: mine.filter { $0.endedAt != nil }.map(\.due).max() ?? Instant(microseconds: 0),
        unfinished: mine.first { $0.endedAt == nil })
    }
    scheduler.keep(sets, at: Instant(microseconds: now))
    scheduler.pause(paused)
  }

  mutating func live() {
    now += Int64.random(in: 0...20_000_000, using: &random)
    switch Int.random(in: 0..<40, using: &random) {
    case 0:
      // Killed: of the jobs that ran some had committed.
      for (job, _) in running where Bool.random(using: &random) { commit(job) }
      restart()
    case 1: scheduler.noticeNewData(for: ["set1", "set4"], at: Instant(microseconds: now))
    case 2:
      paused = paused.isEmpty ? ["set2"] : []
      scheduler.pause(paused)
    default: break
    }
    step()
  }

  /// Until nothing is left to do.
  mutating func settle() {
    paused = []
    scheduler.pause([])
    stoppedAt = now
    for _ in 0..<10_000 {
      step()
      if lengths.allSatisfy({ isDone($0.key, every: $0.value) }) { return }
      now = max(now + 500_000, running.map(\.ends).min() ?? 0)
    }
    Issue.record("does not settle")
  }

  private func isDone(_ name: String, every length: Int64) -> Bool {
    let last = stoppedAt / length * length
    return records.contains {
      $0.set == name && $0.endedAt != nil && $0.due.microseconds >= last
    } || last == 0
  }

  private mutating func step() {
    let ended = running.filter { $0.ends <= now }
    running.removeAll { $0.ends <= now }
    for (job, _) in ended {
      let outcome = outcome(of: job)
      perform(scheduler.finish(job.number, outcome, at: Instant(microseconds: now)))
    }
    perform(scheduler.advance(to: Instant(microseconds: now)))
    mostJobs = max(mostJobs, running.count)
    let busy = running.map(\.job.source)
    #expect(Set(busy).count == busy.count, "a source has two jobs")
  }

  private mutating func outcome(of job: ScheduledJob) -> JobOutcome {
    // Somebody did it already.
    let known = job.ticks.compactMap { tick in
      reads[tick.set].flatMap { $0.at >= tick.due.microseconds ? $0.run : nil }
    }
    if known.count == job.ticks.count { return .done(run: known.max() ?? 0, isNew: false) }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return .failed(run: nil, words: "it may pass", mayPass: true)
    case 1: return .failed(run: nil, words: "it does not", mayPass: false)
    case 2: return .busy
    case 3: return .cancelled(run: nil)
    default: return .done(run: commit(job), isNew: true)
    }
  }

  @discardableResult
  private mutating func commit(_ job: ScheduledJob) -> Int {
    lastRun += 1
    for tick in job.ticks { reads[tick.set] = (job.startedAt.microseconds, lastRun) }
    return lastRun
  }

  private mutating func perform(_ effects: [Scheduler.Effect]) {
    for effect in effects {
      switch effect {
      case .record(let ticks):
        for tick in ticks {
          #expect(
            !records.contains { $0.endedAt != nil && $0.set == tick.set && $0.due >= tick.since })
          records.removeAll { $0.set == tick.set && $0.endedAt == nil }
          records.append(tick)
        }
        for tick in ticks where tick.state == .done {
          recordsOfRun["run \(tick.run ?? 0) of \(tick.set)", default: 0] += 1
        }
      case .begin(let job):
        #expect(!job.ticks.contains { paused.contains($0.set) })
        #expect(job.ticks.allSatisfy { $0.notBefore.microseconds <= now })
        running.append((job, now + Int64.random(in: 0...60_000_000, using: &random)))
      case .stop: break
      }
    }
  }
}
