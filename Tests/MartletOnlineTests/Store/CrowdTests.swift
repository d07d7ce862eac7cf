import Glibc
import MartletColumns
import Synchronization
import Testing

@testable import MartletOnline

/// Many push and many read at once, while the set is loaded anew and goes back.
struct CrowdTests {
  @Test func `eight writers and eight readers see every push once`() throws {
    let folder = try ScratchFolder()
    let visits = try Visits()
    let store = try OnlineStore.open(folder.path + "/online", cacheSizeInBytes: 1 << 20)
    let features = try OnlineFeatures(visits.plan, of: store)
    let source = try visits.source()
    let set = try visits.set()
    try store.load(set, [], in: folder.path, holdingPushesUpTo: 0)
    let failures = Mutex<[String]>([])
    let written = Mutex(0)
    let pushesOfEach = 12

    Crowd.run(17) { number in
      do {
        if number < 8 {
          for push in 0..<pushesOfEach {
            let first = Int64(number * pushesOfEach + push) * 4
            try features.push(visits.batch("a", from: first, count: 4), to: source)
            written.withLock { $0 += 4 }
          }
        } else if number < 16 {
          var last: Int64 = 0
          for _ in 0..<30 {
            let before = written.withLock { Int64($0) }
            let (count, _) = try visits.answer("a", from: features)
            if count < last || count < before || count % 4 != 0 {
              failures.withLock { $0.append("\(count) after \(last), of at least \(before)") }
            }
            last = count
          }
        } else {
          for _ in 0..<6 {
            try store.load(set, [], in: folder.path, holdingPushesUpTo: 0)
            try store.goBack(set)
          }
        }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    let total = Int64(8 * pushesOfEach * 4)
    let (count, sum) = try visits.answer("a", from: features)
    #expect(count == total)
    #expect(sum == total * (total - 1) / 2)
  }
}

/// Threads that run beside each other and end before their caller goes on.
enum Crowd {
  private final class Member {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { number -> pthread_t in
      var thread = pthread_t()
      let member = Unmanaged.passRetained(Member { body(number) })
      pthread_create(
        &thread, nil,
        { member in
          if let member { Unmanaged<Member>.fromOpaque(member).takeRetainedValue().body() }
          return nil
        }, member.toOpaque())
      return thread
    }
    for thread in threads { pthread_join(thread, nil) }
  }
}
