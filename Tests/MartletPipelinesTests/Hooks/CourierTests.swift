import Glibc
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletRegistry
import Synchronization
import Testing

@testable import MartletPipelines

/// What hooks are to tell, told by commands that write into a folder.
struct CourierTests {
  @Test func `a hook that takes long delays no other`() throws {
    let office = try Office("while [ ! -e told ]; do sleep 0.05; done", "touch told")
    defer { office.remove() }
    // The first ends only once the second, which comes after it, has told.
    office.courier.deliver(["first", "second"], by: office.hooks)
    office.wait()
    #expect(try office.states() == ["first": .delivered, "second": .delivered])
  }

  @Test func `what was being told when its courier ends is told again by the next`() throws {
    let office = try Office("touch begun; [ -e again ] || sleep 60", "true")
    defer { office.remove() }
    office.courier.deliver(["first"], by: office.hooks)
    while access("\(office.folder)/begun", F_OK) != 0 { usleep(1_000) }
    office.courier.end()
    office.wait()
    let left = try #require(try office.registry.dueDelivery(of: "first", at: .now))
    #expect(left.attempts == 0 && left.state == .waiting)
    close(creat("\(office.folder)/again", 0o600))
    let next = office.another()
    next.deliver(try office.registry.hooksWithDueDeliveries(at: .now), by: office.hooks)
    office.wait(for: next)
    #expect(try office.states() == ["first": .delivered, "second": .delivered])
  }

  @Test func `a schedule of hooks begins when somebody first keeps it, whoever comes later`() throws
  {
    let office = try Office("true", "true")
    defer { office.remove() }
    let (first, later) = (Instant(microseconds: 1_000), Instant(microseconds: 2_000))
    #expect(try office.registry.lastTick(ofHook: "report", keptSince: first) == first)
    #expect(try office.registry.lastTick(ofHook: "report", keptSince: later) == first)
    try office.registry.add([
      DeliveryRecord(key: "k", hook: "report", event: "schedule", body: "{}", at: later)
    ])
    #expect(try office.registry.lastTick(ofHook: "report", keptSince: first) == later)
  }
}

/// A store with two hooks, each of which has one thing to tell.
private struct Office {
  let folder: String
  let registry: Registry
  let hooks: [Hook]
  let courier: Courier

  init(_ first: String, _ second: String) throws {
    var template = Array("/tmp/martlet-courier-\(String(repeating: "X", count: 6))".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
    registry = try Registry(at: "\(folder)/registry.sqlite")
    let program = compile(
      TextFiles([
        TextFile(
          path: "a.martlet",
          text: """
            hook first {
                on  success
                run "\(first)"
            }

            hook second {
                on  success
                run "\(second)"
            }
            """)
      ]))
    hooks = program.value.definitions.hooks
    try #require(hooks.count == 2, "\(program.findings)")
    courier = Self.courier(in: folder)
    try registry.add(
      hooks.map {
        DeliveryRecord(key: $0.name, hook: $0.name, event: "success", body: "{}", at: .now)
      })
  }

  func another() -> Courier { Self.courier(in: folder) }

  private static func courier(in folder: String) -> Courier {
    Courier(HookAction(folder: folder), store: folder, Mailbox(), clock: { .now })
  }

  func wait(for courier: Courier? = nil) {
    let courier = courier ?? self.courier
    while courier.isBusy { usleep(1_000) }
  }

  func states() throws -> [String: DeliveryRecord.State] {
    let deliveries = try registry.deliveries(limit: 10)
    return Dictionary(uniqueKeysWithValues: deliveries.map { ($0.hook, $0.state) })
  }

  func remove() {
    // What is left behind lies among the system's temporary files.
    _ = system("rm -r '\(folder)'")
  }
}

extension Instant {
  fileprivate static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}
