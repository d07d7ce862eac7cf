import Glibc
import Synchronization

/// Work that counts itself while a thread of its own shows how far it is.
///
/// Workers on any thread call `advance`, which costs an atomic addition: call it per batch. The
/// thread looks ten times a second, so that a heartbeat comes also while the work stands still.
final class Progress: Sendable {
  private let done: WorkCount
  private let start: Int
  private let state: Mutex<State>
  private let talk: Talk

  private struct State {
    var meter: ProgressMeter
    var hasEnded = false
  }

  fileprivate init(_ meter: ProgressMeter, of done: WorkCount, on talk: Talk) {
    self.done = done
    start = done.value
    state = Mutex(State(meter: meter))
    self.talk = talk
  }

  /// Counts `count` more as done.
  func advance(by count: Int) { done.add(count) }

  /// Learns only on the way how many there will be.
  func expect(total: Int) { state.withLock { $0.meter.total = total } }

  fileprivate func watch() {
    while true {
      usleep(100_000)
      let hasEnded = state.withLock { state in
        if !state.hasEnded {
          talk.show(
            state.meter.tick(done: done.value - start, at: monotonicNanoseconds()))
        }
        return state.hasEnded
      }
      if hasEnded { return }
    }
  }

  fileprivate func end() {
    state.withLock { state in
      state.hasEnded = true
      talk.show(state.meter.end())
    }
  }
}

/// How much of some work is done, counted on any thread.
final class WorkCount: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add(_ more: Int) { count.add(more, ordering: .relaxed) }
}

extension Talk {
  /// Runs `work`, showing how far it is when it takes more than half a second.
  ///
  /// - Parameter done: What counts the work, where rooms below do.
  func showingProgress<Result>(
    of name: String, counting unit: String, total: Int? = nil,
    by done: WorkCount = WorkCount(), _ work: (Progress) throws -> Result
  ) rethrows -> Result {
    let meter = ProgressMeter(
      name, unit: unit, total: total, style: progressStyle, startingAt: monotonicNanoseconds())
    let progress = Progress(meter, of: done, on: self)
    if progressStyle != .silent { startThread { progress.watch() } }
    defer { progress.end() }
    return try work(progress)
  }
}

private func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
