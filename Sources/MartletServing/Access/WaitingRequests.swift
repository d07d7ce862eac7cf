import Synchronization

/// How many requests of each token wait for a worker or are at one, so that no caller takes all the
/// room there is.
///
/// Where nobody is asked for a token there is nobody to tell apart, and the queue's own limit holds.
final class WaitingRequests: Sendable {
  private let counts = Mutex<[String: Int]>([:])
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Counts one more of `caller`, unless it has as many as it may.
  func begin(_ caller: Caller) -> Bool {
    if caller == .open { return true }
    return counts.withLock { counts in
      guard counts[caller.name, default: 0] < limit else { return false }
      counts[caller.name, default: 0] += 1
      return true
    }
  }

  /// One of `caller` is answered.
  func end(_ caller: Caller) {
    if caller == .open { return }
    counts.withLock { counts in
      let left = (counts[caller.name] ?? 0) - 1
      counts[caller.name] = left > 0 ? left : nil
    }
  }
}
