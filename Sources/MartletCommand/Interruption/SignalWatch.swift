import Glibc
import MartletOffline

/// Turns signals into a request that work can see at a good moment.
///
///     first Ctrl-C, SIGTERM, SIGHUP ──▶ the interruption is requested; work ends at its next check
///     second                        ──▶ unfinished files are removed, the process ends at once
///
/// The signals are blocked before any thread starts, so that every thread inherits the mask and
/// only the one that waits for them gets them. A program that this one starts inherits the mask
/// too: whoever starts one gives it an empty mask again.
enum SignalWatch {
  /// Starts watching; called once, before any other thread is there.
  static func start(_ interruption: Interruption) {
    // A reader that goes away is told by the write that fails.
    signal(SIGPIPE, SIG_IGN)

    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) { sigaddset(&watched, number) }
    pthread_sigmask(SIG_BLOCK, &watched, nil)
    let signals = watched
    startThread { wait(for: signals, interruption) }
  }

  /// Whether our parent wants us to live through the signal, as `nohup` does with SIGHUP.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func wait(for signals: sigset_t, _ interruption: Interruption) {
    var signals = signals
    var number: Int32 = 0
    while true {
      guard sigwait(&signals, &number) == 0 else { continue }
      guard interruption.isRequested else {
        interruption.request()
        continue
      }
      UnfinishedFiles.ofProcess.removeAll()
      _exit(ExitCode.interrupted.rawValue)
    }
  }
}
