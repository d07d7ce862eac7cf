import Glibc
import SeededRandom
import Testing

@testable import MartletOnline

/// What was acknowledged is there after the process was killed, once; what was not is there whole or
/// not at all.
struct CrashTests {
  @Test(arguments: Seed.first(6))
  func `a killed process loses no push and counts none twice`(seed: Seed) async throws {
    let folder = try ScratchFolder()
    let path = folder.path
    for run in 0..<4 {
      let number = seed.number &* 100 &+ UInt64(run)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, number = number as UInt64] in
        try Self.pushUntilKilled(in: path, seed: number)
      }
      try check(path)
    }
  }

  /// Pushes batches of three visits and notes each that was acknowledged, until a thread kills all.
  private static func pushUntilKilled(in path: String, seed: UInt64) throws {
    var random = Seed(seed).generator()
    let visits = try Visits()
    let notes = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let store = try OnlineStore.open(
      path + "/online", recorded: noted(path), cacheSizeInBytes: 1 << 20)
    let features = try OnlineFeatures(visits.plan, of: store)
    try store.load(visits.set(), [], in: path, holdingPushesUpTo: 0)
    var next = try visits.answer("a", from: features).count
    func note(_ commit: UInt64) {
      var note = [next, Int64(commit)]
      _ = write(notes, &note, 16)
    }
    note(store.lastCommit)
    kill(after: UInt32.random(in: 100...40_000, using: &random))
    while true {
      let batch = try visits.batch("a", from: next, count: 3)
      // A caller that heard nothing pushes again, and the ids count once.
      try features.push(batch, to: visits.source())
      let commit = try features.push(batch, to: visits.source()).commit
      next += 3
      note(commit)
      switch Int.random(in: 0...9, using: &random) {
      case 0, 1: try store.load(visits.set(), [], in: path, holdingPushesUpTo: 0)
      // The process is killed in the midst of one as well.
      case 2: for space in Space.allCases { try store.engine.compact(space) }
      default: break
      }
    }
  }

  private static func kill(after microseconds: UInt32) {
    var thread = pthread_t()
    let delay = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    delay.initialize(to: microseconds)
    pthread_create(
      &thread, nil,
      { delay in
        if let delay { usleep(delay.load(as: UInt32.self)) }
        Glibc.kill(getpid(), SIGKILL)
        return nil
      }, delay)
  }

  /// The last visit and the last commit that were noted.
  private static func notes(_ path: String) -> (visits: Int64, commit: UInt64) {
    var note: [Int64] = [0, 0]
    let file = open(path + "/acknowledged", O_RDONLY)
    guard file >= 0 else { return (0, 0) }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END) / 16 * 16
    guard size >= 16 else { return (0, 0) }
    _ = pread(file, &note, 16, size - 16)
    return (note[0], UInt64(note[1]))
  }

  private static func noted(_ path: String) -> UInt64 { notes(path).commit }

  private func check(_ path: String) throws {
    let visits = try Visits()
    let (acknowledged, commit) = Self.notes(path)
    let store = try OnlineStore.open(path + "/online", recorded: commit, cacheSizeInBytes: 1 << 20)
    let features = try OnlineFeatures(visits.plan, of: store)
    guard store.catalog.current(try visits.set()) != nil else {
      #expect(acknowledged == 0)
      return
    }
    let (count, sum) = try visits.answer("a", from: features)
    #expect(count == acknowledged || count == acknowledged + 3)
    #expect(sum == count * (count - 1) / 2)
  }
}
