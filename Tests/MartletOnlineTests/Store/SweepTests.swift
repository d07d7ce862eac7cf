import Glibc
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

@testable import MartletOnline

/// What nobody can see any more leaves also where nothing is loaded or pushed again, and changes no answer.
struct SweepTests {
  private static let hour: Int64 = 3_600_000_000

  /// How many hits each user has: a few in one block, some in pages, many in chapters.
  private static let counts = [1, 5, 40, 400]

  @Test(arguments: [false, true])
  func `entities that nothing happens to lose what every window has passed`(onDisk: Bool) throws {
    let folder = try ScratchFolder()
    let store = try Self.store(onDisk ? folder.path + "/online" : nil)
    let plan = try Self.plan()
    let set = try #require(plan.set("hits"))
    // Users from 0 on were seen in the first hour alone, those from 10 on at hour 20 as well.
    var rows: [(user: Int64, time: Int64)] = []
    for (user, count) in Self.counts.enumerated() {
      for hit in 0..<count {
        let time = Int64(hit) * Self.hour / Int64(count)
        rows += [(Int64(user), time), (Int64(user + 10), time)]
      }
      rows.append((Int64(user + 10), 20 * Self.hour))
    }
    let batch = try Self.batch(rows, of: plan)
    try store.load(
      set, [RowKeeper(set).keep(batch).kept], in: folder.path, holdingPushesUpTo: 0)
    let features = try OnlineFeatures(plan, of: store)
    #expect(try store.sweep(plan.sets) == 0, "nothing is given up without a horizon")
    let before = try Self.answers(features)
    let table = try #require(store.catalog.current(set))
    let keysBefore = try Self.keyCount(store, under: table.prefix)

    try store.forget(before: Instant(microseconds: 20 * Self.hour))
    // The lone hits of users 0 and 10, and all others.
    #expect(try store.sweep(plan.sets) == 8)
    for user in 0..<4 {
      var key = table.prefix
      key.append(ordered: Int64(user))
      #expect(try Self.keyCount(store, under: key) == 0, "user \(user)")
    }
    #expect(try Self.keyCount(store, under: table.prefix) < keysBefore)
    for user in 10..<14 {
      let trace = try features.trace(
        of: set, keys: [.int(Int64(user))], feature: 0,
        at: Instant(microseconds: 21 * Self.hour))
      // Of chapters whole ones go, and the last one has a hit that is still needed.
      #expect(trace.rowCount <= 17, "user \(user)")
    }
    #expect(try Self.answers(features) == before)
    try features.push(
      Self.batch([(3, 20 * Self.hour)], from: 5_000, of: plan), to: #require(plan.source("taps")))
    #expect(try Self.answers(features)[3] == .int(1))
  }

  @Test func `a table is looked through each time that an eighth of its windows has passed`()
    throws
  {
    let store = try Self.store(nil)
    let plan = try Self.plan()
    let set = try #require(plan.set("hits"))
    try store.forget(before: Instant(microseconds: 100 * Self.hour))
    try store.load(set, [], in: "memory", holdingPushesUpTo: 0)
    func swept() -> Int64? { store.catalog.current(set)?.swept }
    #expect(swept() == 100 * Self.hour, "a load leaves out what the horizon has passed")
    // The longest window is 16 hours.
    for (hours, wanted) in [(101, 100), (102, 102), (103, 102), (105, 105)] as [(Int64, Int64)] {
      try store.forget(before: Instant(microseconds: hours * Self.hour))
      try store.sweep(plan.sets)
      #expect(swept() == wanted * Self.hour, "at \(hours)")
    }
  }

  @Test func `of states those go that others took the place of, and deletes hold`() throws {
    let store = try Self.store(nil)
    let plan = try Self.plan()
    let set = try #require(plan.set("profile"))
    let source = try #require(plan.source("facts"))
    let features = try OnlineFeatures(plan, of: store)
    for time in 1...3 {
      try features.push(
        Self.facts([(1, Int64(time), false), (2, Int64(time), time == 3)], of: plan), to: source)
    }
    try store.forget(before: Instant(microseconds: 50 * Self.hour))
    #expect(try store.sweep(plan.sets) == 2)
    for user in 1...2 as ClosedRange<Int64> {
      let trace = try features.trace(
        of: set, keys: [.int(user)], feature: 0, at: Instant(microseconds: 60 * Self.hour))
      #expect(trace.rowCount == 1)
    }
    // Late, and older than what holds, and than what ended it.
    try features.push(Self.facts([(1, 2, false), (2, 2, false)], of: plan), to: source)
    let found = try features.answers(
      of: set, keys: [Column(.int([1, 2]))],
      at: Column(.time([60 * Self.hour, 60 * Self.hour])))
    #expect(found.columns[0][0] == .int(3))
    #expect(found.holds == [.present, .missing])
  }

  @Test func `what is swept gives its room back, and so does a set that is no longer defined`()
    throws
  {
    let folder = try ScratchFolder()
    let path = folder.path + "/online"
    let store = try Self.store(path)
    let plan = try Self.plan()
    let set = try #require(plan.set("hits"))
    let rows = (0..<5_000).map { (user: Int64($0), time: Int64($0)) }
    let kept = RowKeeper(set).keep(try Self.batch(rows, of: plan)).kept
    try store.load(set, [kept], in: folder.path, holdingPushesUpTo: 0)
    let full = Self.byteCount(of: path)
    try store.forget(before: Instant(microseconds: 20 * Self.hour))
    #expect(try store.sweep(plan.sets) == 5_000)
    #expect(Self.byteCount(of: path) < full / 10)
    try store.load(set, [kept], in: folder.path, holdingPushesUpTo: 0)
    try store.load(set, [kept], in: folder.path, holdingPushesUpTo: 0)
    #expect(try store.keepOnly([]) == 2)
    #expect(try Self.keyCount(store, under: []) == 0)
    #expect(Self.byteCount(of: path) < full / 10)
  }

  // MARK: What is swept

  private static func store(_ path: String?) throws -> OnlineStore {
    let sizing = Sizing(rowsOfPage: 4, rowsOfChapter: 16, entriesOfTile: 2)
    guard let path else { return try OnlineStore(MemoryStore(), recorded: 0, sizing: sizing) }
    let engine = try RocksDBStore(path, cacheSizeInBytes: 1 << 20)
    return try OnlineStore(engine, recorded: 0, sizing: sizing)
  }

  private static func plan() throws -> Plan {
    let text = """
      entity user(user: int)
      events taps {
          from pushes
          at at_time
          id number
          user: int
          number: int
          at_time: time
      }
      states facts {
          from pushes
          at since
          deleted when gone
          user: int
          level: int
          gone: bool
          since: time
      }
      features hits of user from taps {
          hits = count() over 2h, 16h
      }
      features profile of user from facts {
          level
      }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    try #require(checked.findings.filter { $0.severity == .error } == [])
    return Plan(checked.value.definitions)
  }

  private static func batch(
    _ rows: [(user: Int64, time: Int64)], from number: Int64 = 0, of plan: Plan
  ) throws -> Batch {
    let schema = try #require(plan.source("taps")).schema
    let columns = schema.fields.map { field -> Column in
      switch field.name {
      case "user": Column(.int(Buffer(rows.map(\.user))))
      case "number": Column(.int(Buffer(rows.indices.map { number + Int64($0) })))
      default: Column(.time(Buffer(rows.map(\.time))))
      }
    }
    return Batch(schema, columns, rowCount: rows.count)
  }

  /// A fact's level is the time from which on it holds.
  private static func facts(
    _ rows: [(user: Int64, time: Int64, isGone: Bool)], of plan: Plan
  ) throws -> Batch {
    let schema = try #require(plan.source("facts")).schema
    let columns = try schema.fields.map { field -> Column in
      switch field.name {
      case "user": Column(.int(Buffer(rows.map(\.user))))
      case "level": Column(.int(Buffer(rows.map(\.time))))
      case "gone": try #require(Column(.bool, rows.map { .bool($0.isGone) }))
      default: Column(.time(Buffer(rows.map(\.time))))
      }
    }
    return Batch(schema, columns, rowCount: rows.count)
  }

  /// What every user has at hour 21.
  private static func answers(_ features: OnlineFeatures) throws -> [Value] {
    let set = try #require(features.plan.set("hits"))
    let users = (0..<14).map { Int64($0) }
    let times = Buffer<Int64>(repeating: 21 * hour, count: users.count)
    let found = try features.answers(
      of: set, keys: [Column(.int(Buffer(users)))], at: Column(.time(times)))
    return users.indices.map { found.columns[0][$0] }
  }

  private static func keyCount(_ store: OnlineStore, under prefix: [UInt8]) throws -> Int {
    var count = 0
    try store.engine.scan(.rows, prefix: prefix, from: prefix) { (_, _) throws(OnlineError) in
      count += 1
      return .next
    }
    return count
  }

  /// What the sorted files in `folder` take.
  private static func byteCount(of folder: String) -> Int {
    guard let directory = opendir(folder) else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var facts = stat()
      if name.hasSuffix(".sst"), stat("\(folder)/\(name)", &facts) == 0 {
        count += Int(facts.st_size)
      }
    }
    return count
  }
}
