import Glibc
import MartletColumns
import MartletEngine
import MartletPlan
import Synchronization
import Testing

@testable import MartletOnline

/// Everything that can be done to a store, at once: what the thread sanitizer looks at.
///
/// Pages, chapters and rewrites come after a handful of rows here, the values' cache holds some of them, and
/// RocksDB's files are merged meanwhile. Whoever ends last closes the store.
struct StormTests {
  @Test func `eight who write and eight who read share a store that closes with the last of them`()
    throws
  {
    let folder = try ScratchFolder()
    let storm = Storm(try Visits(), in: folder.path)
    for round in 0..<3 {
      let lent = Lent(try storm.open(), to: 16)
      Crowd.run(16) { number in
        guard let features = lent.take() else { return }
        do {
          if number < 8 {
            try storm.write(number, in: round, to: features)
          } else {
            try storm.read(number, from: features)
          }
        } catch { storm.note("\(error)") }
      }
      #expect(storm.failures == [])
    }
    let features = try storm.open()
    for person in 0..<Storm.personCount {
      let (count, sum) = try storm.visits.answer("p\(person)", from: features)
      #expect(Tally(count: count, sum: sum) == storm.written(person))
    }
  }
}

/// What the threads of a storm share.
private final class Storm: Sendable {
  static let personCount = 3
  let visits: Visits
  private let folder: String
  private let tallies = Mutex([Tally](repeating: Tally(), count: Storm.personCount))
  private let noted = Mutex<[String]>([])
  private let commit = Mutex<UInt64>(0)

  init(_ visits: Visits, in folder: String) {
    self.visits = visits
    self.folder = folder
  }

  var failures: [String] { noted.withLock { $0 } }

  func note(_ failure: String) { noted.withLock { $0.append(failure) } }

  /// What of `person` was acknowledged so far.
  func written(_ person: Int) -> Tally { tallies.withLock { $0[person] } }

  func open() throws -> OnlineFeatures {
    let engine = CachingStore(
      try RocksDBStore(folder + "/online", cacheSizeInBytes: 1 << 20), cacheSizeInBytes: 1 << 16)
    let store = try OnlineStore(
      engine, recorded: commit.withLock { $0 },
      sizing: Sizing(rowsOfPage: 4, rowsOfChapter: 16, entriesOfTile: 2, mostAppends: 5))
    if store.catalog.current(try visits.set()) == nil { try load(into: store, "first") }
    return try OnlineFeatures(visits.plan, of: store)
  }

  private func load(into store: OnlineStore, _ name: String) throws {
    let own = "\(folder)/\(name)"
    mkdir(own, 0o700)
    try store.load(visits.set(), [], in: own, holdingPushesUpTo: 0)
  }

  // MARK: Writing

  func write(_ number: Int, in round: Int, to features: OnlineFeatures) throws {
    let store = features.store
    for turn in 0..<8 {
      switch number {
      case 0..<5: try push(number, round * 8 + turn, to: features)
      case 5:
        try load(into: store, "loads")
        if turn % 2 == 0 { try store.goBack(visits.set()) }
      case 6:
        for space in Space.allCases { try store.engine.compact(space) }
        try store.pushes(to: visits.source().name, after: 0) { _, _ in }
      default:
        try store.forget(before: Instant(microseconds: Int64(-100 + round * 8 + turn)))
        try store.keepOnly([visits.set()])
        _ = try OnlineFeatures(visits.plan, of: store)
        try store.readThrough()
      }
    }
  }

  private func push(_ writer: Int, _ turn: Int, to features: OnlineFeatures) throws {
    let person = (writer + turn) % Self.personCount
    let first = Int64(turn * 5 + writer) * 4
    let receipt = try features.push(
      visits.batch("p\(person)", from: first, count: 4), to: visits.source())
    tallies.withLock { tallies in
      tallies[person].count += 4
      tallies[person].sum += 4 * first + 6
    }
    commit.withLock { $0 = max($0, receipt.commit) }
  }

  // MARK: Reading

  func read(_ number: Int, from features: OnlineFeatures) throws {
    let reader = features.reader(of: try visits.service())
    var last = [Int64](repeating: 0, count: Self.personCount)
    for turn in 0..<12 {
      let before = (0..<Self.personCount).map { written($0).count }
      let counts: [Int64?]
      switch number % 4 {
      case 0: counts = try everyPerson(features)
      case 1: counts = try held(features)
      case 2:
        let person = turn % Self.personCount
        let trace = try features.trace(
          of: visits.set(), keys: [.string("p\(person)")], feature: 0,
          at: Instant(microseconds: .max))
        // How many there are is not asked: an id that is there twice counts twice in a trace.
        if trace.rowCount < before[person] { note("\(trace.rowCount) of \(before[person])") }
        fallthrough
      default:
        counts = try (0..<Self.personCount).map { person in
          let row = try reader.row(
            keys: [.string("p\(person)")], at: Instant(microseconds: .max))
          guard case .int(let count) = row[0] else { return nil }
          return count
        }
      }
      for (person, count) in counts.enumerated() {
        guard let count, count >= max(before[person], last[person]), count % 4 == 0 else {
          note("\(String(describing: count)) of p\(person), where \(before[person]) were")
          continue
        }
        last[person] = count
      }
    }
  }

  /// All persons in one question.
  private func everyPerson(_ features: OnlineFeatures) throws -> [Int64?] {
    let keys = try #require(
      Column(.string, (0..<Self.personCount).map { .string("p\($0)") }))
    let times = Column(.time(Buffer(repeating: .max, count: Self.personCount)))
    let found = try features.answers(of: visits.set(), keys: [keys], at: times)
    return (0..<Self.personCount).map { person in
      if case .int(let count) = found.columns[0][person] { count } else { nil }
    }
  }

  /// The same twice, from one point in the store's history.
  private func held(_ features: OnlineFeatures) throws -> [Int64?] {
    let view = try features.store.view()
    return try (0..<Self.personCount).map { person in
      let keys = try #require(Column(.string, [.string("p\(person)")]))
      let found = try (0..<2).map { _ in
        try view.answers(of: visits.set(), keys: [keys], at: Column(.time([.max])), by: nil)
      }
      if found[0].columns != found[1].columns { note("p\(person) changed in one view") }
      guard case .int(let count) = found[0].columns[0][0] else { return nil }
      return count
    }
  }
}

/// How many visits, and what their numbers add up to.
private struct Tally: Equatable {
  var count: Int64 = 0
  var sum: Int64 = 0
}

/// Something that is given to so many, and kept by none but them.
private final class Lent<Thing: Sendable>: Sendable {
  private let rest: Mutex<(thing: Thing?, count: Int)>

  init(_ thing: Thing, to count: Int) { rest = Mutex((thing, count)) }

  func take() -> Thing? {
    rest.withLock { rest in
      rest.count -= 1
      defer { if rest.count == 0 { rest.thing = nil } }
      return rest.thing
    }
  }
}
