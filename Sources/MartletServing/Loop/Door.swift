import CEpoll
import Glibc

/// The listening socket: lets callers in, one loop after the other, up to a limit.
final class Door {
  let socket: Int32
  private let loops: [Mailbox]
  private let limit: Int
  private let counters: ConnectionCounters
  private var turn = 0

  /// Whether the poller watches it.
  var isWatched = true

  init(_ socket: Int32, to loops: [Mailbox], limit: Int, counters: ConnectionCounters) {
    self.socket = socket
    self.loops = loops
    self.limit = limit
    self.counters = counters
  }

  deinit { close(socket) }

  enum Outcome {
    /// A connection, for the loop with this mailbox.
    case caller(Int32, Mailbox)

    /// Nobody is waiting.
    case nobody

    /// The system has no socket left for one more.
    case exhausted
  }

  func accept() -> Outcome {
    while true {
      let caller = martlet_accept(socket)
      if caller >= 0 {
        guard counters.opened(upTo: limit) else {
          turnAway(caller)
          continue
        }
        turn = (turn + 1) % loops.count
        return .caller(caller, loops[turn])
      }
      switch errno {
      case EAGAIN: return .nobody
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
      // The caller went away before it was let in.
      default: continue
      }
    }
  }

  /// Says that the house is full, as far as the words fit into the socket at once.
  private func turnAway(_ caller: Int32) {
    Self.full.withUTF8Buffer { words in
      _ = send(caller, words.baseAddress, words.count, Int32(MSG_NOSIGNAL))
    }
    close(caller)
  }

  private static let full: StaticString = """
    HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n\
    Content-Type: application/problem+json\r\nContent-Length: 116\r\n\r\n\
    {"type":"about:blank","title":"Service Unavailable","status":503,"code":"too-many-connections"\
    ,"detail":"try again"}
    """
}
