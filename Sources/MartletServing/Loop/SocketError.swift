import Glibc

/// The system refused something about a socket.
public struct SocketError: Error, Equatable, CustomStringConvertible {
  /// What was tried: "listening on 127.0.0.1:8080".
  public var attempt: String

  /// Why it could not be done.
  public var reason: String

  public init(attempt: String, reason: String) {
    self.attempt = attempt
    self.reason = reason
  }

  /// What the last call of the system that failed said.
  static func last(_ attempt: String) -> SocketError {
    SocketError(attempt: attempt, reason: words(for: errno))
  }

  private static func words(for number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { room in
      guard let start = room.baseAddress, strerror_r(number, start, room.count) == 0 else {
        return "error \(number)"
      }
      return String(cString: start)
    }
  }

  public var description: String { "\(attempt): \(reason)" }
}
