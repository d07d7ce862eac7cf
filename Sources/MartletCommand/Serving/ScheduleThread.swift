import Glibc
import MartletPipelines
import Synchronization

/// The schedules, kept on a thread of their own: loading what is new may take longer than a lease.
final class ScheduleThread: Sendable {
  private let hasEnded = Atomic<Bool>(false)

  /// Begins to keep the schedules until the call is interrupted.
  init(for invocation: Invocation) throws {
    // The other thread uses of it what may be used from any: settings, talk, the interruption. Not its
    // output. The keeper is made here, for its errors, and used there alone.
    nonisolated(unsafe) let keeper = try ScheduleKeeper.opened(
      for: invocation, threads: nil, isOnlineServed: true)
    let interruption = invocation.interruption
    startThread { [self] in
      while !interruption.isRequested {
        keeper.step()
        usleep(50_000)
      }
      keeper.end { usleep(10_000) }
      hasEnded.store(true, ordering: .releasing)
    }
  }

  /// Returns once the thread has ended, which it does when the call is interrupted.
  func wait() { while !hasEnded.load(ordering: .acquiring) { usleep(10_000) } }
}
