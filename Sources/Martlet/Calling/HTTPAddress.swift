/// Where a request goes: `http://127.0.0.1:8080/v1/get`.
public struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
  public var host: String
  public var port: UInt16

  /// The path and what follows it, as it is sent.
  public var target: String

  /// An address of a server.
  public init(host: String, port: UInt16, target: String) {
    self.host = host
    self.port = port
    self.target = target
  }

  /// Reads `http://HOST[:PORT][/…]`; `nil` for anything else. What is encrypted is not spoken here.
  public init?(_ text: String) {
    guard text.hasPrefix("http://"), Self.isPlain(text) else { return nil }
    let rest = text.dropFirst(7)
    let slash = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let target = rest[slash...].prefix { $0 != "#" }
    self.init(
      authority: String(rest[..<slash]),
      target: target.hasPrefix("/") ? String(target) : "/\(target)")
  }

  /// Reads `HOST:PORT` or `[IPv6]:PORT`; without a port it is 80.
  public init?(authority: String, target: String) {
    guard Self.isPlain(authority), Self.isPlain(target), !authority.contains("@") else {
      return nil
    }
    var host = authority[...]
    var port: UInt16 = 80
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      guard let number = UInt16(authority[authority.index(after: colon)...]) else { return nil }
      host = authority[..<colon]
      port = number
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port, target: target)
  }

  /// The host and the port, as they stand in a request.
  public var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  public var description: String { "http://\(authority)\(target)" }

  /// Whether `text` can stand in a request's head, and not end its line.
  static func isPlain(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }
}
