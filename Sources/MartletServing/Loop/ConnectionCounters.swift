import Synchronization

/// How many connections there are and were, counted by all loops.
final class ConnectionCounters: Sendable {
  private let openNow = Atomic<Int>(0)
  private let openedEver = Atomic<Int>(0)
  private let turnedAwayEver = Atomic<Int>(0)
  private let slowRequests = Atomic<Int>(0)
  private let slowCallers = Atomic<Int>(0)

  var open: Int { openNow.load(ordering: .relaxed) }
  var everOpened: Int { openedEver.load(ordering: .relaxed) }
  var turnedAway: Int { turnedAwayEver.load(ordering: .relaxed) }
  var endedAsSlow: Int {
    slowRequests.load(ordering: .relaxed) + slowCallers.load(ordering: .relaxed)
  }

  /// Counts one more, unless there are `limit` already.
  func opened(upTo limit: Int) -> Bool {
    guard openNow.add(1, ordering: .relaxed).newValue <= limit else {
      openNow.subtract(1, ordering: .relaxed)
      turnedAwayEver.add(1, ordering: .relaxed)
      return false
    }
    openedEver.add(1, ordering: .relaxed)
    return true
  }

  func closed() { openNow.subtract(1, ordering: .relaxed) }

  func expired(_ expiry: Connection.Expiry) {
    switch expiry {
    case .idle: break
    case .slowRequest: slowRequests.add(1, ordering: .relaxed)
    case .slowCaller: slowCallers.add(1, ordering: .relaxed)
    }
  }
}
