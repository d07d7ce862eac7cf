import CEpoll
import Glibc

/// Where a server listens: a host and a port.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
  public var host: String
  public var port: UInt16

  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `HOST:PORT`, `[IPv6]:PORT` or `:PORT`, which is every address of the machine; `nil` for
  /// anything else.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    self.init(host: host.isEmpty ? "::" : String(host), port: port)
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether only this machine can reach it.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

extension ListenAddress {
  /// A socket that listens here, and the address it got: port 0 asks for any.
  func listen() throws(SocketError) -> (socket: Int32, address: ListenAddress) {
    let attempt = "listening on \(self)"
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    // On a machine without a resolver `localhost` is still this.
    let name = host == "localhost" ? "127.0.0.1" : host
    let refusal = getaddrinfo(name, "\(port)", &hints, &found)
    guard refusal == 0, let first = found else {
      throw SocketError(
        attempt: attempt, reason: gai_strerror(refusal).map { String(cString: $0) } ?? "no address")
    }
    defer { freeaddrinfo(found) }

    let kind = first.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = socket(first.pointee.ai_family, kind, 0)
    guard number >= 0 else { throw .last(attempt) }
    do throws(SocketError) {
      var yes: Int32 = 1
      let size = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, size)
      guard bind(number, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
        Glibc.listen(number, 4_096) == 0
      else { throw SocketError.last(attempt) }
      return (number, ListenAddress(host: host, port: try Self.port(of: number)))
    } catch {
      close(number)
      throw error
    }
  }

  private static func port(of socket: Int32) throws(SocketError) -> UInt16 {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let refusal = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
    }
    guard refusal == 0 else { throw .last("asking for the port") }
    // The port stands at the same place in addresses of both families.
    return withUnsafeBytes(of: storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
  }
}
