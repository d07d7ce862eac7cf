import Glibc
import MartletColumns
import MartletEngine
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
