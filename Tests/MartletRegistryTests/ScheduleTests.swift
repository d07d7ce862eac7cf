import Glibc
import MartletColumns
import Testing

@testable import MartletRegistry

/// Leases, ticks, pauses and cancelled runs.
struct ScheduleTests {
  @Test func `one holder has the lease until it ends, is given up, or is known to be dead`() throws
  {
    try withRegistry { registry in
      let first = try #require(try take(registry, "ann", at: 0))
      #expect(first.epoch == 1)
      #expect(try take(registry, "bob", at: 9) == nil)
      let next = try #require(try take(registry, "bob", at: 10))
      #expect(next.epoch == 2)
      #expect(try registry.renew(first, until: second(30)) == nil)
      #expect(try registry.renew(next, until: second(30))?.endsAt == second(30))
      #expect(try take(registry, "eve", at: 20) == nil)
      #expect(try take(registry, "eve", at: 20, deadHolder: true)?.epoch == 3)
      try registry.giveUp(next)
      #expect(try registry.lease("schedules")?.holder == "eve")
      let third = try #require(try registry.lease("schedules"))
      try registry.giveUp(third)
      #expect(try registry.lease("schedules") == nil)
      #expect(try take(registry, "ann", at: 21)?.epoch == 4)
    }
  }

  @Test func `who slept through its lease records nothing`() throws {
    try withRegistry { registry in
      let old = try #require(try take(registry, "ann", at: 0))
      var tick = TickRecord(set: "spend", due: second(5), since: second(5), cause: .schedule)
      #expect(try registry.record([tick], under: old))
      let new = try #require(try take(registry, "bob", at: 10))
      tick.state = .done
      tick.endedAt = second(11)
      #expect(try !registry.record([tick], under: old))
      #expect(try registry.ticks(of: "spend").map(\.state) == [.waiting])
      #expect(try registry.record([tick], under: new))
      #expect(try registry.ticks(of: "spend") == [tick])
    }
  }

  @Test func `a set has one record that has not ended, and the last that has is found beside it`()
    throws
  {
    try withRegistry { registry in
      let lease = try #require(try take(registry, "ann", at: 0))
      var done = TickRecord(set: "spend", due: second(5), since: second(5), cause: .first)
      done.state = .done
      done.endedAt = second(6)
      done.words = "the disk was full"
      var open = TickRecord(set: "spend", due: second(10), since: second(10), cause: .schedule)
      #expect(try registry.record([done, open], under: lease))
      open.due = second(20)
      open.failures = 2
      open.state = .running
      #expect(try registry.record([open], under: lease))
      #expect(try registry.lastTicks() == [done, open])
      #expect(try registry.ticks(of: "spend", limit: 1) == [open])
    }
  }

  @Test func `pauses and cancelled runs are rows, and stand in the log of changes`() throws {
    try withRegistry { registry in
      #expect(try registry.pause("spend", reason: "it moves", at: second(1), by: "ann"))
      #expect(try !registry.pause("spend", reason: "again", at: second(2), by: "bob"))
      #expect(try registry.pauses().map(\.reason) == ["it moves"])
      #expect(try registry.resume("spend", at: second(3), by: "ann"))
      #expect(try !registry.resume("spend", at: second(3), by: "ann"))
      #expect(try registry.pauses().isEmpty)
      #expect(try !registry.cancel(run: 7, at: second(4), by: "ann"))
      #expect(try registry.audit().map(\.action) == ["pause", "resume"])
      try registry.verifyAudit()
    }
  }

  private func second(_ number: Int) -> Instant { Instant(microseconds: Int64(number) * 1_000_000) }

  /// A lease of ten seconds.
  private func take(
    _ registry: Registry, _ holder: String, at number: Int, deadHolder: Bool = false
  ) throws -> Lease? {
    try registry.takeLease(
      "schedules", by: holder, at: second(number), until: second(number + 10),
      deadHolder: deadHolder)
  }

  private func withRegistry(_ body: (Registry) throws -> Void) throws {
    var template = Array("/tmp/martlet-schedules-\(String(repeating: "X", count: 6))".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer {
      for name in ["registry.sqlite", "registry.sqlite-wal", "registry.sqlite-shm"] {
        unlink("\(folder)/\(name)")
      }
      rmdir(folder)
    }
    try body(try Registry(at: "\(folder)/registry.sqlite"))
  }
}
