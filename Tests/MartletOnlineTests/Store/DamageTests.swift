import Glibc
import MartletColumns
import SeededRandom
import Synchronization
import Testing

@testable import MartletOnline

/// A store whose files were damaged is refused, or answers what it should: never something else.
struct DamageTests {
  @Test func `a store that ends before what was noted is refused`() throws {
    let folder = try ScratchFolder()
    let visits = try Visits()
    let noted = try fill(folder.path + "/online", visits, pushes: 4)
    try copy(folder.path + "/online", to: folder.path + "/early")
    let later = try fill(folder.path + "/online", visits, pushes: 9)
    #expect(later > noted)
    let lost = OnlineError(
      "opening the online store", .lostCommits(found: noted, recorded: later))
    #expect(throws: lost) {
      try OnlineStore.open(folder.path + "/early", recorded: later, cacheSizeInBytes: 1 << 20)
    }
  }

  @Test func `two do not own one store`() throws {
    let folder = try ScratchFolder()
    let store = try OnlineStore.open(folder.path, cacheSizeInBytes: 1 << 20)
    #expect(throws: OnlineError.self) {
      try OnlineStore.open(folder.path, cacheSizeInBytes: 1 << 20)
    }
    #expect(store.lastCommit == 0)
  }

  @Test(arguments: Seed.first(8))
  func `a flipped bit or a cut end never changes an answer`(seed: Seed) throws {
    var random = seed.generator()
    let folder = try ScratchFolder()
    let visits = try Visits()
    let whole = folder.path + "/online"
    let commit = try fill(whole, visits, pushes: Int.random(in: 5...90, using: &random))
    let wanted = try answers(whole, visits, commit)
    for number in 0..<10 {
      let damaged = "\(folder.path)/damaged\(number)"
      try copy(whole, to: damaged)
      let files = names(in: damaged).filter {
        $0.hasSuffix(".log") || $0.hasSuffix(".sst") || $0.hasPrefix("MANIFEST")
      }
      let file = damaged + "/" + (try #require(files.sorted().randomElement(using: &random)))
      var bytes = try read(file)
      guard !bytes.isEmpty else { continue }
      let place = Int.random(in: 0..<bytes.count, using: &random)
      if Bool.random(using: &random) {
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      } else {
        bytes.removeSubrange(place...)
      }
      try write(bytes, to: file)
      #expect(try wrongAnswers(damaged, visits, commit, wanted) == [], "\(file) at \(place)")
    }
  }

  /// What eight readers of the store in `path` are told that is neither what is `wanted` nor an error. Each
  /// asks twice, so that the second time finds what the first left in memory.
  private func wrongAnswers(
    _ path: String, _ visits: Visits, _ commit: UInt64, _ wanted: [Int64]
  ) throws -> [[Int64]] {
    let wrong = Mutex<[[Int64]]>([])
    let features: OnlineFeatures
    do throws(OnlineError) {
      features = try OnlineFeatures(visits.plan, of: try store(path, commit))
    } catch {
      #expect(error.attempt != "")
      return []
    }
    Crowd.run(8) { _ in
      for _ in 0..<2 {
        // That it is refused is as good; what is wrong is to be told something else.
        guard let found = try? Self.answers(features, visits), found != wanted else { continue }
        wrong.withLock { $0.append(found) }
      }
    }
    return wrong.withLock { $0 }
  }

  /// The store in `path`, whose entities have pages after a handful of rows, and chapters after forty.
  private func store(_ path: String, _ recorded: UInt64 = 0) throws(OnlineError) -> OnlineStore {
    let engine = CachingStore(
      try RocksDBStore(path, cacheSizeInBytes: 1 << 20), cacheSizeInBytes: 1 << 20)
    return try OnlineStore(
      engine, recorded: recorded,
      sizing: Sizing(rowsOfPage: 4, rowsOfChapter: 20, entriesOfTile: 2, mostAppends: 5))
  }

  /// Pushes, some of which end up in sorted files and some in the log. Returns the last commit.
  private func fill(_ path: String, _ visits: Visits, pushes: Int) throws -> UInt64 {
    let store = try store(path)
    let features = try OnlineFeatures(visits.plan, of: store)
    for number in 0..<pushes {
      let person = "p\(number % 3)"
      try features.push(
        visits.batch(person, from: Int64(number) * 10, count: 1 + number % 9), to: visits.source())
      if number == pushes / 3 * 2 {
        try store.engine.compact(.rows)
        try store.engine.compact(.pushes)
      }
    }
    return store.lastCommit
  }

  private func answers(_ path: String, _ visits: Visits, _ commit: UInt64) throws -> [Int64] {
    try Self.answers(try OnlineFeatures(visits.plan, of: store(path, commit)), visits)
  }

  /// What is answered about this moment, by rests, and about earlier ones, by tiles, pages and rows.
  private static func answers(_ features: OnlineFeatures, _ visits: Visits) throws -> [Int64] {
    try [Int64.max, 301, 77, 8].flatMap { time in
      try (0..<3).flatMap { number -> [Int64] in
        let (count, sum) = try visits.answer("p\(number)", from: features, at: time)
        return [count, sum]
      }
    }
  }

  // MARK: Files

  private func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private func copy(_ folder: String, to copy: String) throws {
    mkdir(copy, 0o700)
    for name in names(in: folder) {
      try write(try read("\(folder)/\(name)"), to: "\(copy)/\(name)")
    }
  }

  private func read(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY)
    try #require(file >= 0)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: Int(lseek(file, 0, SEEK_END)))
    let count = pread(file, &bytes, bytes.count, 0)
    try #require(count == bytes.count)
    return bytes
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    try #require(Glibc.write(file, bytes, bytes.count) == bytes.count)
  }
}
