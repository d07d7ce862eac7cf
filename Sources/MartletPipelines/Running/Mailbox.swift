import Synchronization

/// What other threads tell the one that keeps the schedules.
final class Mailbox: Sendable {
  enum Letter: Sendable {
    case ended(job: Int, JobOutcome)
    case newData([String])
    case trouble(String)
  }

  private let letters = Mutex<[Letter]>([])

  func put(_ letter: Letter) { letters.withLock { $0.append(letter) } }

  /// All letters since the last time, the oldest first.
  func takeAll() -> [Letter] {
    letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
  }
}
