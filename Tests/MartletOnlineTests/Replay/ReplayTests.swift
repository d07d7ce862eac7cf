import MartletColumns
import MartletEngine
import MartletPlan
import Synchronization
import Testing

@testable import MartletOnline

/// The law that training and serving give one answer: whatever is pushed and loaded, in whatever
/// batches, with restarts between, the store answers at every moment what a point-in-time join over
/// the same rows answers, to the bit.
struct ReplayTests {
  @Test(arguments: Seed.first(24))
  func `the store answers as training does, in memory`(seed: Seed) throws {
    var random = seed.generator()
    let store = try OnlineStore(MemoryStore(), recorded: 0, sizing: Sizing.random(using: &random))
    var replay = try Replay(store, folder: "memory", using: &random)
    for _ in 0..<40 { try replay.step(using: &random) }
    compared(replay.compared)
  }

  @Test(arguments: Seed.first(12))
  func `the store answers as training does, from RocksDB and after restarts`(seed: Seed) throws {
    var random = Seed(number: seed.number + 1_000).generator()
    let folder = try ScratchFolder()
    let sizing = Sizing.random(using: &random)
    func open(_ path: String, _ recorded: UInt64) throws -> OnlineStore {
      let engine = try RocksDBStore(path, cacheSizeInBytes: 1 << 20)
      return try OnlineStore(engine, recorded: recorded, sizing: sizing)
    }
    var replay = try Replay(
      try open(folder.path + "/online", 0), folder: folder.path, using: &random)
    for _ in 0..<40 {
      if Int.random(in: 0...7, using: &random) == 0 {
        try replay.reopen(open)
      }
      try replay.step(using: &random)
    }
    compared(replay.compared)
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

/// A store and what training knows, while rows come to both.
private struct Replay {
  private var features: OnlineFeatures?
  private var offline: OfflineAnswers
  private var rows = RandomRows()
  private let folder: String
  private(set) var compared = 0

  /// For each source the rows that came in files, and the pushes with their commits.
  private var files: [String: [Batch]] = [:]
  private var pushes: [String: [(commit: UInt64, rows: Batch)]] = [:]

  init(
    _ store: OnlineStore, folder: String, using random: inout SeededGenerator
  ) throws {
    let plan = try RandomDefinitions(using: &random).plan
    self.folder = folder
    offline = OfflineAnswers(plan)
    features = try OnlineFeatures(plan, of: store)
    for set in plan.sets {
      try store.load(set, [], in: folder, holdingPushesUpTo: 0)
    }
  }

  private var plan: Plan { offline.plan }

  mutating func step(using random: inout SeededGenerator) throws {
    switch Int.random(in: 0...10, using: &random) {
    case 0...4: try push(using: &random)
    case 5: try load(using: &random)
    case 6: try goBack(using: &random)
    case 7: try features?.store.engine.compact(.rows)
    case 8: try forget(using: &random)
    default: try compare(using: &random)
    }
  }

  mutating func reopen(_ open: (String, UInt64) throws -> OnlineStore) throws {
    let commit = try #require(features).store.lastCommit
    features = nil
    features = try OnlineFeatures(plan, of: open(folder + "/online", commit))
    #expect(features?.store.lastCommit == commit)
  }

  private mutating func push(using random: inout SeededGenerator) throws {
    let source = try #require(plan.sources.randomElement(using: &random))
    let batch = try rows.next(Int.random(in: 0...12, using: &random), of: source, using: &random)
    let commit = try #require(features).push(batch, to: source).commit
    pushes[source.name, default: []].append((commit, batch))
    offline.add(batch, of: source.name)
  }

  /// Rows come in a file, and every set of their source is loaded anew: from the files, and from the
  /// pushes up to some commit; the others have to be brought over.
  private mutating func load(using random: inout SeededGenerator) throws {
    let store = try #require(features).store
    let source = try #require(plan.sources.randomElement(using: &random))
    let batch = try rows.next(Int.random(in: 0...20, using: &random), of: source, using: &random)
    files[source.name, default: []].append(batch)
    offline.add(batch, of: source.name)
    let pushed = pushes[source.name] ?? []
    let held = pushed.randomElement(using: &random)?.commit ?? 0
    var known = OfflineAnswers(plan)
    for batch in (files[source.name] ?? []).shuffled(using: &random) {
      known.add(batch, of: source.name)
    }
    for push in pushed where push.commit <= held { known.add(push.rows, of: source.name) }
    for set in plan.sets where set.source == source.name {
      var writer = try store.writer(
        for: set, in: folder, mostRows: Int.random(in: 1...200, using: &random))
      for batch in known.kept(set) { try writer.add(batch) }
      try store.take(try writer.finish(), of: set, holdingPushesUpTo: held)
    }
  }

  /// There and back again: pushes that came between are in both.
  private mutating func goBack(using random: inout SeededGenerator) throws {
    let store = try #require(features).store
    let set = try #require(plan.sets.randomElement(using: &random))
    guard store.catalog.previous(set) != nil else { return }
    try store.goBack(set)
    try push(using: &random)
    try store.goBack(set)
  }

  private func forget(using random: inout SeededGenerator) throws {
    let store = try #require(features).store
    try store.forget(
      before: Instant(microseconds: rows.clock - Int64.random(in: 0...60, using: &random)))
    let service = try #require(plan.service("only_clicks"))
    let before = Instant(microseconds: store.catalog.horizon - 1)
    #expect(throws: OnlineError.self) {
      try features?.reader(of: service).row(keys: [.string("a")], at: before)
    }
  }

  private mutating func compare(using random: inout SeededGenerator) throws {
    let features = try #require(features)
    let service = try #require(plan.service("everything"))
    let count = Int.random(in: 1...20, using: &random)
    let earliest = features.store.catalog.horizon
    let asked = (0..<count).map { _ -> [String: Value] in
      let name = (Entities.names + ["nobody"]).randomElement(using: &random) ?? ""
      return [
        "name": Int.random(in: 0...15, using: &random) == 0 ? .null : .string(name),
        "area": .int(Int64.random(in: -1...2, using: &random)),
        "factor": .double(Double.random(in: -1...1, using: &random)),
        "": .time(
          Instant(
            microseconds: max(earliest, rows.clock + Int64.random(in: -40...10, using: &random)))),
      ]
    }
    func column(_ field: Field) throws -> Column {
      try #require(Column(field.type, asked.map { $0[field.name] ?? .null }))
    }
    let times = try column(Field("", .time))
    let online = try features.answers(of: service, at: times, caller: column)
    let training = try offline.answers(of: service, at: times, caller: column)
    for (index, output) in service.outputs.enumerated() {
      #expect(online.answers.columns[index] == training.columns[index], "\(output.name)")
      #expect(online.answers.statuses[index] == training.statuses[index], "\(output.name)")
    }
    compared += service.outputs.count * count
    for name in ["only_profile", "only_clicks"] {
      let service = try #require(plan.service(name))
      let reader = features.reader(of: service)
      let training = try offline.answers(of: service, at: times, caller: column)
      for (row, question) in asked.enumerated() {
        guard case .time(let moment)? = question[""] else { continue }
        let keys = service.keys.map { question[$0.name] ?? .null }
        let found = try reader.row(keys: keys, at: moment)
        for (index, output) in service.outputs.enumerated() {
          let same =
            Column(output.type, [found[index]]) == training.columns[index].slice(row..<row + 1)
          #expect(same, "\(output.name) \(found[index]) \(training.columns[index][row])")
          #expect(found.statuses[index] == training.statuses[index][row], "\(output.name)")
        }
      }
      compared += service.outputs.count * count
    }
  }
}

extension Sizing {
  /// Few rows lie together, so that few rows make many pages and chapters.
  fileprivate static func random(using random: inout SeededGenerator) -> Sizing {
    Sizing(
      rowsOfPage: Int.random(in: 1...4, using: &random),
      rowsOfChapter: Int.random(in: 3...12, using: &random),
      entriesOfTile: Int.random(in: 2...3, using: &random),
      mostAppends: Int.random(in: 1...6, using: &random))
  }
}
