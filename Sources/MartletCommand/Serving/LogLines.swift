import Glibc
import Synchronization

/// A server's log on its way to standard error, so that no answer waits for whoever reads it.
///
/// What comes faster than it is worth reading, as when somebody tries many tokens, is counted instead.
final class LogLines: Sendable {
  private struct Waiting {
    var lines: [String] = []
    var surplus = 0
  }

  private let waiting = Mutex(Waiting())
  private let talk: Talk

  /// How many lines are written at most each time.
  private static let limit = 200
  private static let pauseInMicroseconds: UInt32 = 200_000

  /// Writes lines to `talk` from now on, on a thread of its own, until the program is asked to end.
  init(_ talk: Talk, _ interruption: Interruption) {
    self.talk = talk
    startThread { [self] in
      while !interruption.isRequested {
        usleep(Self.pauseInMicroseconds)
        flush()
      }
    }
  }

  /// Takes a line, on any thread; never waits for it to be written.
  func add(_ line: String) {
    waiting.withLock { waiting in
      if waiting.lines.count < Self.limit {
        waiting.lines.append(line)
      } else {
        waiting.surplus += 1
      }
    }
  }

  /// Writes what waits.
  func flush() {
    let ready = waiting.withLock { waiting in exchange(&waiting, with: Waiting()) }
    for line in ready.lines { talk.say(line) }
    if ready.surplus > 0 { talk.say("{\"not_logged\":\(ready.surplus)}") }
  }

  private func exchange(_ waiting: inout Waiting, with next: Waiting) -> Waiting {
    let ready = waiting
    waiting = next
    return ready
  }
}
