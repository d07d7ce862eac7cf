import CEpoll
import Glibc
import Synchronization

/// What other threads tell a loop. A letter wakes it.
final class Mailbox: Sendable {
  enum Letter: Sendable {
    /// A connection that is the loop's from now on.
    case connection(Int32)

    /// An answer that a worker has finished, for the connection with this key.
    case answer(key: UInt64, FinishedAnswer)

    /// Finish what has begun, by this moment of the loop's clock.
    case drain(until: Double)
  }

  private let letters = Mutex<[Letter]>([])

  /// Becomes readable when there are letters.
  let bell: Int32

  init() throws(SocketError) {
    bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard bell >= 0 else { throw .last("making a bell for a loop") }
  }

  deinit { close(bell) }

  func post(_ letter: Letter) {
    let isFirst = letters.withLock { letters in
      letters.append(letter)
      return letters.count == 1
    }
    if isFirst { eventfd_write(bell, 1) }
  }

  /// All letters so far.
  func empty() -> [Letter] {
    var rings: eventfd_t = 0
    eventfd_read(bell, &rings)
    return letters.withLock { letters in exchange(&letters, with: []) }
  }
}

/// An answer's bytes, on their way from a worker to the loop that sends them.
///
/// `@unchecked Sendable`: whoever posted it has let go of it.
final class FinishedAnswer: @unchecked Sendable {
  var bytes: ByteQueue
  let endsConnection: Bool

  init(_ bytes: consuming ByteQueue, endsConnection: Bool) {
    self.bytes = bytes
    self.endsConnection = endsConnection
  }
}
