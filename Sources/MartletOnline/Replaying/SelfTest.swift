/// The parity law on this machine: replays one after the other, over stores on its disk, until so many
/// values were compared.
public struct SelfTest {
  /// How many values were compared, each with its status.
  public private(set) var comparisonCount = 0

  /// How many stores that took.
  public private(set) var replayCount = 0

  /// What was not the same, with the seed of its replay.
  public private(set) var mismatches: [(seed: UInt64, mismatch: ReplayMismatch)] = []

  private var seed: UInt64

  /// A test whose first replay is that of `seed`.
  public init(seed: UInt64) { self.seed = seed }

  /// Does the next replay: forty steps, in a folder that the caller made and removes.
  public mutating func replay(in folder: String) throws {
    var random = ReplayNumbers(seed: seed)
    let sizing = Sizing.ofReplay(using: &random)
    func open(_ recorded: UInt64) throws(OnlineError) -> OnlineStore {
      let engine = try RocksDBStore(folder + "/online", cacheSizeInBytes: 1 << 20)
      // So little that values are given up all the time, as well as found.
      let cached = CachingStore(engine, cacheSizeInBytes: 64 << 10)
      return try OnlineStore(cached, recorded: recorded, sizing: sizing)
    }
    var replay = try Replay(try open(0), folder: folder, using: &random)
    for _ in 0..<Self.stepCount {
      if Int.random(in: 0...7, using: &random) == 0 { try replay.reopen(open) }
      try replay.step(using: &random)
    }
    comparisonCount += replay.comparisonCount
    replayCount += 1
    mismatches += replay.mismatches.map { (seed, $0) }
    seed &+= 1
  }

  private static let stepCount = 40
}

extension Sizing {
  /// Few rows lie together, so that few rows make many pages and chapters.
  static func ofReplay(using random: inout ReplayNumbers) -> Sizing {
    Sizing(
      rowsOfPage: Int.random(in: 1...4, using: &random),
      rowsOfChapter: Int.random(in: 3...12, using: &random),
      entriesOfTile: Int.random(in: 2...3, using: &random),
      mostAppends: Int.random(in: 1...6, using: &random))
  }
}
