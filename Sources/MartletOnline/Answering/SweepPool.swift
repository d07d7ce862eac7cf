import MartletEngine
import MartletPlan
import Synchronization

/// Sweeps over values of one set, kept for the next question: each has states and room of its own and
/// serves one thread at a time.
final class SweepPool: Sendable {
  private let set: SetPlan

  /// Sweeps that nobody uses at the moment.
  private let idle: Mutex<[Lent]>

  /// `@unchecked Sendable`: whoever took it out of `idle` is the only one who has it.
  private struct Lent: @unchecked Sendable {
    let sweep: WindowSweep
  }

  /// Sweeps over values of `set`; `nil` where it has none that can be folded.
  init?(_ set: SetPlan) {
    guard let sweep = WindowSweep(set) else { return nil }
    self.set = set
    idle = Mutex([Lent(sweep: sweep)])
  }

  /// Calls `body` with a sweep that nobody else uses meanwhile.
  func withSweep<Result, Failure: Error>(
    _ body: (WindowSweep) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let lent = idle.withLock { $0.popLast() }
    guard let sweep = lent?.sweep ?? WindowSweep(set) else {
      preconditionFailure("`\(set.name)` had a sweep before")
    }
    defer { idle.withLock { $0.append(Lent(sweep: sweep)) } }
    return try body(sweep)
  }
}
