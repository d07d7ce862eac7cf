import CBaselines
import Glibc

/// Measures the part of a turn that counts.
public struct Stopwatch {
  private(set) var lap: Lap?

  /// Times `work`, adding to what this turn measured before.
  ///
  /// The result passes through an opaque call, so that work whose result is dropped is still done.
  public mutating func measure<Result>(_ work: () throws -> Result) rethrows -> Result {
    let start = Lap.now()
    let result = try work()
    let elapsed = Lap.now() - start
    withUnsafePointer(to: result) { c_keep($0) }
    lap = lap.map { $0 + elapsed } ?? elapsed
    return result
  }
}

/// What one turn took, in nanoseconds.
///
/// The thread's own CPU time is what to compare on a shared machine; work that spreads over threads
/// is judged by the process's, and by the wall where the machine was quiet.
struct Lap: Sendable, Equatable {
  var thread: Int64
  var process: Int64
  var wall: Int64

  static func now() -> Lap {
    func read(_ clock: clockid_t) -> Int64 {
      var time = timespec()
      clock_gettime(clock, &time)
      return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
    return Lap(
      thread: read(CLOCK_THREAD_CPUTIME_ID), process: read(CLOCK_PROCESS_CPUTIME_ID),
      wall: read(CLOCK_MONOTONIC))
  }

  static func + (a: Lap, b: Lap) -> Lap {
    Lap(thread: a.thread + b.thread, process: a.process + b.process, wall: a.wall + b.wall)
  }

  static func - (a: Lap, b: Lap) -> Lap {
    Lap(thread: a.thread - b.thread, process: a.process - b.process, wall: a.wall - b.wall)
  }
}
