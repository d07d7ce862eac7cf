import Glibc
import Synchronization

/// Threads that share out calls which do not depend on each other.
///
/// They live for one `forEach`: a thread costs some twenty microseconds, a call here a millisecond
/// and more.
struct Workers: Sendable {
  /// How many calls run at the same time at most.
  var count: Int

  /// As many as the machine has processors for us.
  static var asManyAsProcessors: Workers {
    Workers(count: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// As many as a caller asks for; without a word as many as there are processors.
  init(of count: Int?) { self = count.map { Workers(count: $0) } ?? .asManyAsProcessors }

  /// So many.
  init(count: Int) { self.count = count }

  /// Calls `body` with each of 0, 1, … below `callCount`, and returns when all calls have.
  func forEach(_ callCount: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let queue = CallQueue(callCount, body)
    var threads: [pthread_t] = []
    for _ in 1..<max(1, min(count, callCount)) {
      var thread = pthread_t()
      let queue = Unmanaged.passRetained(queue)
      // Where the system gives no thread, those that there are do its part.
      guard pthread_create(&thread, nil, drainQueue, queue.toOpaque()) == 0 else {
        queue.release()
        break
      }
      threads.append(thread)
    }
    queue.drain()
    for thread in threads { pthread_join(thread, nil) }
  }
}

/// Calls that are still to be made, each by whoever comes first.
private final class CallQueue: Sendable {
  private let next = Atomic<Int>(0)
  private let count: Int
  private let body: @Sendable (Int) -> Void

  init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.body = body
  }

  func drain() {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(index)
    }
  }
}

private func drainQueue(_ queue: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let queue { Unmanaged<CallQueue>.fromOpaque(queue).takeRetainedValue().drain() }
  return nil
}
