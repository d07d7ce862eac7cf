import Glibc
import MartletOffline

/// A connection to a server, ended with the call, on which nothing waits beyond one moment.
final class CallSocket {
  private let number: Int32

  /// When the call must be over, in milliseconds of a clock that never goes back.
  private let end: Int

  init(
    to address: HTTPAddress, withinMilliseconds limit: Int, attempting attempt: String
  ) throws(HTTPCallError) {
    end = Self.now + max(limit, 0)
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    // On a machine without a resolver `localhost` is still this.
    let name = address.host == "localhost" ? "127.0.0.1" : address.host
    let refusal = getaddrinfo(name, "\(address.port)", &hints, &found)
    guard refusal == 0, let first = found else {
      let words = gai_strerror(refusal).map { String(cString: $0) } ?? "the host is not known"
      throw HTTPCallError(attempt: attempt, reason: .unreachable(words))
    }
    defer { freeaddrinfo(found) }
    let kind = first.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = socket(first.pointee.ai_family, kind, 0)
    guard number >= 0 else { throw .last(attempt) }
    do throws(HTTPCallError) {
      if connect(number, first.pointee.ai_addr, first.pointee.ai_addrlen) != 0 {
        guard errno == EINPROGRESS else { throw HTTPCallError.last(attempt) }
        try Self.wait(number, for: Int16(POLLOUT), until: end, attempt)
        var outcome: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(number, SOL_SOCKET, SO_ERROR, &outcome, &size)
        if outcome != 0 {
          throw HTTPCallError(attempt, SystemError(code: outcome))
        }
      }
    } catch {
      close(number)
      throw error
    }
    self.number = number
  }

  deinit { close(number) }

  func send(_ bytes: [UInt8], _ attempt: String) throws(HTTPCallError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Glibc.send(
          number, UnsafeRawBufferPointer(rebasing: bytes[sent...]).baseAddress,
          bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        try Self.wait(number, for: Int16(POLLOUT), until: end, attempt)
      } else if errno == EPIPE || errno == ECONNRESET {
        // A server may refuse a request before it has read all of it; its words are still to come.
        return
      } else if errno != EINTR {
        throw .last(attempt)
      }
    }
  }

  /// The next bytes; none when the server has ended.
  func receive(_ attempt: String) throws(HTTPCallError) -> [UInt8] {
    while true {
      var failure: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { room, count in
        let received = recv(number, room.baseAddress, room.count, 0)
        if received < 0 { failure = errno }
        count = max(received, 0)
      }
      switch failure {
      case 0: return bytes
      case EAGAIN: try Self.wait(number, for: Int16(POLLIN), until: end, attempt)
      case ECONNRESET: return []
      case EINTR: continue
      default:
        throw HTTPCallError(attempt, SystemError(code: failure))
      }
    }
  }

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  private static func wait(
    _ number: Int32, for events: Int16, until end: Int, _ attempt: String
  ) throws(HTTPCallError) {
    while true {
      var watched = pollfd(fd: number, events: events, revents: 0)
      let count = poll(&watched, 1, Int32(clamping: max(end - now, 0)))
      if count > 0 { return }
      if count == 0 { throw HTTPCallError(attempt: attempt, reason: .tooSlow) }
      guard errno == EINTR else { throw .last(attempt) }
    }
  }
}

extension HTTPCallError {
  /// What the last call of the system that failed said.
  fileprivate static func last(_ attempt: String) -> HTTPCallError {
    HTTPCallError(attempt, SystemError.last)
  }

  fileprivate init(_ attempt: String, _ error: SystemError) {
    self.init(attempt: attempt, reason: .unreachable(error.reason))
  }
}
