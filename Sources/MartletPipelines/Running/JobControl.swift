import Synchronization

/// What a job is told while it works, and what it throws at its next checkpoint when it is to end.
final class JobControl: Sendable {
  /// Why a job ends before it is done.
  enum Stop: Int, Error {
    /// Somebody asked for it, or it takes too long.
    case cancelled = 1

    /// The process is about to end.
    case interrupted
  }

  private let stop = Atomic<Int>(0)

  /// Asks the job to end; the first reason counts.
  func end(_ reason: Stop) {
    _ = stop.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
  }

  /// Ends the job here, if it was asked to.
  func check() throws {
    if let reason = Stop(rawValue: stop.load(ordering: .relaxed)) { throw reason }
  }
}
