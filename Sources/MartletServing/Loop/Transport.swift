import CEpoll
import Glibc

/// One connection's bytes to and from its caller: a socket, or one day TLS over a socket.
///
/// Nothing waits; what cannot be done now is tried again when the loop hears that it can.
protocol Transport: AnyObject {
  /// Reads what has arrived into `room`.
  func receive(into room: UnsafeMutableRawBufferPointer) -> Transfer

  /// Sends as much of `bytes` as goes.
  func send(_ bytes: UnsafeRawBufferPointer) -> Transfer

  /// Tells the caller that nothing more will come.
  func endSending()

  /// Gives the socket back.
  func close()
}

/// What became of an attempt to move bytes.
enum Transfer: Equatable {
  case moved(Int)

  /// None can be moved now.
  case wouldWait

  /// The caller has ended its side.
  case ended

  /// The connection is gone.
  case broken
}

/// A TCP socket.
final class Socket: Transport {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  func receive(into room: UnsafeMutableRawBufferPointer) -> Transfer {
    while true {
      let count = recv(number, room.baseAddress, room.count, 0)
      if count > 0 { return .moved(count) }
      if count == 0 { return .ended }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldWait
      default: return .broken
      }
    }
  }

  func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
    while true {
      let count = Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .moved(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldWait
      default: return .broken
      }
    }
  }

  func endSending() { shutdown(number, Int32(SHUT_WR)) }

  func close() { Glibc.close(number) }
}
