import Glibc

/// A caller on a real socket, which waits for answers.
public final class Wire {
  private let socket: Int32
  private var pending: [UInt8] = []

  public init(to port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let refusal = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if refusal != 0 { throw WireError() }
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  /// No server took the call.
  public struct WireError: Error {
    /// An error.
    public init() {}
  }

  public func send(_ text: String) { send(Array(text.utf8)) }

  public func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  public func endSending() { shutdown(socket, Int32(SHUT_WR)) }

  /// The next answer: its status and its body; `nil` when the server has closed.
  public func answer() -> (status: Int, body: String)? {
    while true {
      if let end = Self.headEnd(pending) {
        let head = String(decoding: pending[..<end], as: UTF8.self)
        let status = Int(head.dropFirst(9).prefix(3)) ?? 0
        let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length:") }
        let length = field.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
        if pending.count >= end + 4 + length {
          let body = String(decoding: pending[(end + 4)..<(end + 4 + length)], as: UTF8.self)
          pending.removeFirst(end + 4 + length)
          return (status, body)
        }
      }
      guard receive() else { return nil }
    }
  }

  /// Whether the server has closed, after at most what `SO_RCVTIMEO` allows.
  public var isClosed: Bool {
    while receive() {}
    return true
  }

  private func receive() -> Bool {
    var room = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &room, room.count, 0)
    guard count > 0 else { return false }
    pending += room[..<count]
    return true
  }

  private static func headEnd(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (0...(bytes.count - 4)).first {
      bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
    }
  }
}
