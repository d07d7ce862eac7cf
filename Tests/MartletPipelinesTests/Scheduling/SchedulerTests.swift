import MartletColumns
import MartletRegistry
import Testing

@testable import MartletPipelines

/// The scheduler by hand: times are minutes, and sets tick every so many of them.
struct SchedulerTests {
  @Test func `a tick that is due begins a job, once`() {
    var bench = Bench(sets: [("spend", "orders", 10)])
    bench.expect(at: 9, begins: [])
    bench.expect(at: 10, begins: ["orders: spend 10"])
    bench.expect(at: 11, begins: [])
    bench.finish(1, .done(run: 1, isNew: true), at: 12)
    bench.expect(at: 19, begins: [])
    bench.expect(at: 20, begins: ["orders: spend 20"])
  }

  @Test func `after downtime all ticks that were missed are one`() {
    var bench = Bench(sets: [("spend", "orders", 10)])
    bench.expect(at: 57, begins: ["orders: spend 10...50"])
    bench.finish(1, .done(run: 1, isNew: true), at: 58)
    bench.expect(at: 60, begins: ["orders: spend 60"])
  }

  @Test func `ticks that come due while a job runs wait for its end and are one`() {
    var bench = Bench(sets: [("spend", "orders", 10)])
    bench.expect(at: 10, begins: ["orders: spend 10"])
    bench.expect(at: 35, begins: [])
    bench.finish(1, .done(run: 1, isNew: true), at: 36)
    bench.expect(at: 36, begins: ["orders: spend 20...30"])
  }

  @Test func `sets of one source run in one pass, and a source has one job at a time`() {
    var bench = Bench(sets: [("a", "orders", 10), ("b", "orders", 20), ("c", "clicks", 20)])
    bench.expect(at: 10, begins: ["orders: a 10"])
    bench.expect(at: 20, begins: ["clicks: c 20"])
    bench.finish(1, .done(run: 1, isNew: true), at: 21)
    bench.expect(at: 21, begins: ["orders: a 20, b 20"])
  }

  @Test func `no more jobs run than may, and the longest due begins first`() {
    var bench = Bench(sets: [("a", "one", 30), ("b", "two", 20), ("c", "three", 10)], jobLimit: 1)
    bench.expect(at: 30, begins: ["three: c 10...30"])
    bench.finish(1, .done(run: 1, isNew: false), at: 30)
    bench.expect(at: 30, begins: ["two: b 20"])
    bench.finish(2, .done(run: 2, isNew: false), at: 31)
    bench.expect(at: 31, begins: ["one: a 30"])
  }

  @Test func `what may pass is tried again after longer and longer pauses, and then given up`()
    throws
  {
    var bench = Bench(sets: [("spend", "orders", 1_000)])
    var pauses: [Int64] = []
    bench.expect(at: 1_000, begins: ["orders: spend 1000"])
    for number in 1...5 {
      let record = try #require(
        bench.finish(number, .failed(run: nil, words: "no", mayPass: true), at: bench.now).first)
      #expect(record.failures == number)
      guard number < 5 else {
        #expect(record.state == .failed && record.endedAt != nil)
        break
      }
      pauses.append((record.notBefore.microseconds - bench.now.microseconds) / 1_000_000)
      bench.move(to: Instant(microseconds: record.notBefore.microseconds - 1))
      #expect(bench.begun().isEmpty)
      bench.move(to: record.notBefore)
      #expect(bench.begun().count == 1)
    }
    // Ten, twenty, forty, eighty seconds, each between half and one and a half of it.
    for (pause, mean) in zip(pauses, [10, 20, 40, 80]) {
      #expect(Int64(mean / 2)...Int64(mean * 3 / 2) ~= pause, "\(pauses)")
    }
    bench.expect(at: 1_100, begins: [])
    bench.expect(at: 2_000, begins: ["orders: spend 2000"])
  }

  @Test func `what cannot pass is not tried again before the next tick`() {
    var bench = Bench(sets: [("spend", "orders", 10)])
    bench.expect(at: 10, begins: ["orders: spend 10"])
    let records = bench.finish(1, .failed(run: 3, words: "no", mayPass: false), at: 10)
    #expect(records.map(\.state) == [.failed] && records.map(\.run) == [3])
    bench.expect(at: 19, begins: [])
    bench.expect(at: 20, begins: ["orders: spend 20"])
  }

  @Test func `a set that was given up is not up to date before a later tick of it is done`() {
    var bench = Bench(sets: [("a", "orders", 10), ("b", "clicks", 100)])
    #expect(bench.scheduler.areUpToDate(["a", "b", "of nobody's schedule"]))
    bench.expect(at: 10, begins: ["orders: a 10"])
    #expect(!bench.scheduler.areUpToDate(["a"]))
    bench.finish(1, .failed(run: 3, words: "no", mayPass: false), at: 10)
    #expect(!bench.scheduler.areUpToDate(["b", "a"]) && bench.scheduler.areUpToDate(["b"]))
    bench.expect(at: 20, begins: ["orders: a 20"])
    bench.finish(2, .done(run: 4, isNew: true), at: 20)
    #expect(bench.scheduler.areUpToDate(["a", "b"]))
  }

  @Test func `waiting for another process is no failure`() {
    var bench = Bench(sets: [("spend", "orders", 10)])
    bench.expect(at: 10, begins: ["orders: spend 10"])
    let records = bench.finish(1, .busy, at: 10)
    #expect(records.map(\.failures) == [0] && records.map(\.state) == [.waiting])
    bench.expect(at: 10, begins: [])
    bench.expect(at: 11, begins: ["orders: spend 10"])
  }

  @Test func `a job that takes too long is stopped once, and counts as failed`() {
    var bench = Bench(sets: [("spend", "orders", 1_000)], timeLimit: 5)
    bench.expect(at: 1_000, begins: ["orders: spend 1000"])
    bench.move(to: minute(1_004))
    #expect(!bench.effects.contains(.stop(1)))
    bench.move(to: minute(1_005))
    #expect(bench.effects.contains(.stop(1)))
    bench.move(to: minute(1_006))
    #expect(!bench.effects.contains(.stop(1)))
    let records = bench.finish(1, .cancelled(run: 7), at: minute(1_006))
    #expect(records.map(\.failures) == [1] && records.map(\.state) == [.waiting])
  }

  @Test func `a paused set waits, and catches up once`() {
    var bench = Bench(sets: [("a", "orders", 10), ("b", "orders", 10)])
    bench.scheduler.pause(["a"])
    bench.expect(at: 10, begins: ["orders: b 10"])
    bench.finish(1, .done(run: 1, isNew: true), at: 10)
    bench.expect(at: 30, begins: ["orders: b 20...30"])
    bench.finish(2, .done(run: 2, isNew: true), at: 30)
    bench.scheduler.pause([])
    bench.expect(at: 31, begins: ["orders: a 10...30"])
  }

  @Test func `new data is a reason, and takes what is due along`() {
    var bench = Bench(sets: [("spend", "orders", 10)])
    bench.move(to: minute(3))
    bench.scheduler.noticeNewData(for: ["spend"], at: minute(3))
    bench.expect(at: 3, begins: ["orders: spend 3"])
    bench.finish(1, .done(run: 1, isNew: true), at: 4)
    bench.expect(at: 10, begins: ["orders: spend 10"])
  }

  @Test func `a set whose definition changed while its job ran is judged by the end of it`() {
    var bench = Bench(sets: [("spend", "orders", 10)])
    bench.expect(at: 10, begins: ["orders: spend 10"])
    bench.scheduler.keep([], at: minute(11))
    #expect(bench.finish(1, .done(run: 1, isNew: true), at: 12).map(\.state) == [.done])
    bench.expect(at: 40, begins: [])
  }
}

private func minute(_ number: Int) -> Instant { Instant(microseconds: Int64(number) * 60_000_000) }

/// A scheduler and the minutes that go by.
private struct Bench {
  var scheduler: Scheduler
  private(set) var effects: [Scheduler.Effect] = []
  private(set) var now = minute(0)

  init(sets: [(name: String, source: String, every: Int)], jobLimit: Int = 4, timeLimit: Int? = nil)
  {
    var policy = SchedulePolicy()
    policy.jobLimit = jobLimit
    policy.timeLimit = timeLimit.map { TimeLength(microseconds: Int64($0) * 60_000_000) }
    scheduler = Scheduler(policy)
    scheduler.keep(
      sets.map { set in
        ScheduledSet(
          set.name, of: set.source,
          ticks: Ticks(every: TimeLength(microseconds: Int64(set.every) * 60_000_000)),
          doneUpTo: minute(0))
      }, at: minute(0))
  }

  mutating func move(to moment: Instant) {
    now = moment
    effects = scheduler.advance(to: moment)
  }

  func begun() -> [ScheduledJob] {
    effects.compactMap { if case .begin(let job) = $0 { job } else { nil } }
  }

  mutating func expect(
    at number: Int, begins jobs: [String], location: SourceLocation = #_sourceLocation
  ) {
    move(to: minute(number))
    let begun = begun().map { job in
      let ticks = job.ticks.map { tick in
        let (since, due) = (
          tick.since.microseconds / 60_000_000, tick.due.microseconds / 60_000_000
        )
        return tick.set + (since == due ? " \(due)" : " \(since)...\(due)")
      }
      return "\(job.source): \(ticks.joined(separator: ", "))"
    }
    #expect(begun == jobs, sourceLocation: location)
  }

  @discardableResult
  mutating func finish(_ job: Int, _ outcome: JobOutcome, at number: Int) -> [TickRecord] {
    finish(job, outcome, at: minute(number))
  }

  @discardableResult
  mutating func finish(_ job: Int, _ outcome: JobOutcome, at moment: Instant) -> [TickRecord] {
    now = moment
    guard case .record(let records)? = scheduler.finish(job, outcome, at: moment).first else {
      return []
    }
    return records
  }
}
