import Glibc
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

@testable import MartletOnline

/// What is removed gives its room back while the store is open, and not a moment before nobody reads it.
struct RoomTests {
  @Test func `loads again and again leave no files behind`() throws {
    let folder = try ScratchFolder()
    let visits = try Visits()
    let store = try OnlineStore.open(folder.path + "/online", cacheSizeInBytes: 1 << 20)
    let features = try OnlineFeatures(visits.plan, of: store)
    for number in 1...12 {
      try load(visits, count: number, into: store, folder.path)
      #expect(try visits.answer("a", from: features).count == Int64(number))
      // The current load, the one before it, and no other.
      #expect(sortedFiles(in: folder.path + "/online") <= 2, "after load \(number)")
    }
  }

  @Test func `a reader keeps what it sees while loads come and go`() throws {
    let folder = try ScratchFolder()
    let visits = try Visits()
    let store = try OnlineStore.open(folder.path + "/online", cacheSizeInBytes: 1 << 20)
    try load(visits, count: 3, into: store, folder.path)
    let view = try store.view()
    for number in 4...8 { try load(visits, count: number, into: store, folder.path) }
    let keys = try #require(Column(.string, [.string("a")]))
    let found = try view.answers(
      of: visits.set(), keys: [keys], at: Column(.time([.max])), by: nil)
    #expect(found.columns[0][0] == .int(3))
    withExtendedLifetime(view) {}
  }

  @Test func `what a reader held back is given back after it`() throws {
    let folder = try ScratchFolder()
    let visits = try Visits()
    let store = try OnlineStore.open(folder.path + "/online", cacheSizeInBytes: 1 << 20)
    try holdWhileLoading(visits, store, folder.path)
    #expect(sortedFiles(in: folder.path + "/online") >= 6)
    // RocksDB may be rewriting one of them at the moment, which is let go of the next time.
    var number = 7
    repeat {
      try load(visits, count: number, into: store, folder.path)
      number += 1
    } while sortedFiles(in: folder.path + "/online") > 2 && number < 100
    #expect(number < 100)
  }

  @Test func `a load leaves out what no question can see, whoever said how far back they go`()
    throws
  {
    let folder = try ScratchFolder()
    let text = """
      entity someone(person: string)
      events visits {
          from pushes
          at at_time
          person: string
          at_time: time
      }
      features person_visits of someone from visits {
          visits = count() over 100us
      }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    let plan = Plan(checked.value.definitions)
    let set = try #require(plan.set("person_visits"))
    let columns = [
      try #require(Column(.string, (0..<1_000).map { _ in .string("a") })),
      Column(.time(Buffer((0..<1_000).map { Int64($0) }))),
    ]
    let batch = Batch(
      try #require(plan.source("visits")).schema, columns, rowCount: columns[0].count)
    let rows = RowKeeper(set).keep(batch).kept
    func keptCount(_ store: OnlineStore) throws -> Int {
      try store.load(set, [rows], in: folder.path, holdingPushesUpTo: 0)
      let features = try OnlineFeatures(plan, of: store)
      return try features.trace(
        of: set, keys: [.string("a")], feature: 0, at: Instant(microseconds: 1_000)
      ).rowCount
    }
    do {
      let store = try OnlineStore.open(folder.path + "/online", cacheSizeInBytes: 1 << 20)
      #expect(try keptCount(store) == 1_000)
      try store.keep(
        past: TimeLength(microseconds: 50), at: Instant(microseconds: 500))
      // From 450 on, by windows of a hundred.
      #expect(try keptCount(store) == 650)
    }
    // Another process, which was told of no past, loads later.
    let store = try OnlineStore.open(folder.path + "/online", cacheSizeInBytes: 1 << 20)
    try store.moveHorizon(at: Instant(microseconds: 1_000))
    #expect(try keptCount(store) == 150)
  }

  @Test func `no table has the number of one that was removed`() throws {
    let folder = try ScratchFolder()
    let visits = try Visits()
    var number: UInt64 = 0
    for _ in 0..<3 {
      // Nothing takes in what is begun, so each opening removes it.
      let store = try OnlineStore.open(folder.path + "/online", cacheSizeInBytes: 1 << 20)
      let next = try store.reserveTable(for: visits.set())
      #expect(next > number)
      number = next
    }
  }

  private func holdWhileLoading(_ visits: Visits, _ store: OnlineStore, _ folder: String) throws {
    try load(visits, count: 1, into: store, folder)
    let view = try store.view()
    for number in 2...6 { try load(visits, count: number, into: store, folder) }
    withExtendedLifetime(view) {}
  }

  private func load(_ visits: Visits, count: Int, into store: OnlineStore, _ folder: String) throws
  {
    let rows = RowKeeper(try visits.set()).keep(try visits.batch("a", from: 0, count: count)).kept
    try store.load(visits.set(), [rows], in: folder, holdingPushesUpTo: 0)
  }

  private func sortedFiles(in folder: String) -> Int {
    guard let directory = opendir(folder) else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".sst") { count += 1 }
    }
    return count
  }
}
