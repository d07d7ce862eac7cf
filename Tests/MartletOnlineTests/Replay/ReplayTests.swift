import SeededRandom
import Synchronization
import Testing

@testable import MartletOnline

/// The law that training and serving give one answer: whatever is pushed and loaded, in whatever
/// batches, with restarts between, the store answers at every moment what a point-in-time join over
/// the same rows answers, to the bit.
struct ReplayTests {
  @Test(arguments: Seed.first(24))
  func `the store answers as training does, in memory`(seed: Seed) throws {
    var random = ReplayNumbers(seed: seed.number)
    let store = try OnlineStore(
      MemoryStore(), recorded: 0, sizing: Sizing.ofReplay(using: &random))
    var replay = try Replay(store, folder: "memory", using: &random)
    for _ in 0..<40 { try replay.step(using: &random) }
    #expect(replay.mismatches == [])
    compared(replay.comparisonCount)
  }

  @Test(arguments: Seed.first(12))
  func `the store answers as training does, from RocksDB and after restarts`(seed: Seed) throws {
    let folder = try ScratchFolder()
    var test = SelfTest(seed: seed.number + 1_000)
    try test.replay(in: folder.path)
    #expect(test.mismatches.map(\.mismatch) == [])
    compared(test.comparisonCount)
  }

  private static let total = Mutex(0)

  private func compared(_ count: Int) {
    let total = Self.total.withLock { total in
      total += count
      return total
    }
    print("replay: \(total) answers compared with training")
  }
}
