import MartletColumns
import MartletEngine
import Testing

@testable import MartletOnline

/// A load that is too large for one file.
struct LoadFileTests {
  @Test(arguments: [false, true])
  func `entities have pages whichever file they are in, and rows in several files add up`(
    inTwoParts: Bool
  ) throws {
    let folder = try ScratchFolder()
    let visits = try Visits()
    let set = try visits.set()
    let store = try OnlineStore(
      MemoryStore(), recorded: 0, sizing: Sizing(rowsOfPage: 4, rowsOfChapter: 1_000))
    // Ten people of 30 visits each, one after the other, in files of two or three; or all of them twice, as two
    // segments have them.
    var writer = try store.writer(for: set, in: folder.path, mostRows: 75, sizing: store.sizing)
    let keeper = RowKeeper(set)
    for part in inTwoParts ? [0, 15] as [Int64] : [0] {
      for person in 0..<10 {
        for start in stride(from: 0, to: inTwoParts ? 15 : 30, by: 15) as StrideTo<Int64> {
          let rows = try visits.batch(
            "p\(person)", from: Int64(person) * 100 + part + start, count: 15)
          try writer.add(keeper.keep(rows).kept)
        }
      }
    }
    let load = try writer.finish()
    #expect(load.files.count > 3)
    try store.take(load, of: set, holdingPushesUpTo: 0)
    let features = try OnlineFeatures(visits.plan, of: store)
    for person in 0..<10 as Range<Int64> {
      let (count, sum) = try visits.answer("p\(person)", from: features)
      #expect(count == 30)
      #expect(sum == 30 * 100 * person + 435)
      let trace = try features.trace(
        of: set, keys: [.string("p\(person)")], feature: 0, at: Instant(microseconds: .max))
      #expect(trace.form == .pages)
      if !inTwoParts {
        // Of the one that a file ends within, the rest is behind its pages.
        #expect(trace.appendedCount == 0 || trace.appendedCount == 15)
      }
    }
  }
}
