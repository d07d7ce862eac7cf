import Glibc

/// An address that hooks post to by plain HTTP: one request, one connection, the answer's status alone.
struct Webhook {
  let host: String
  let port: String
  let target: String

  /// The address that `text` is: `http://host[:port][/path]`.
  init?(_ text: String) {
    guard text.hasPrefix("http://") else { return nil }
    let rest = text.dropFirst("http://".count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest[authority.endIndex...].prefix { $0 != "#" }
    target = path.hasPrefix("/") ? String(path) : "/" + path
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = String(authority[authority.index(after: authority.startIndex)..<end])
      let behind = authority[authority.index(after: end)...]
      port = behind.hasPrefix(":") ? String(behind.dropFirst()) : "80"
    } else {
      let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      host = String(parts[0])
      port = parts.count == 2 ? String(parts[1]) : "80"
    }
    guard !host.isEmpty, let number = UInt16(port), number > 0 else { return nil }
  }

  /// The request.
  func request(key: String, body: String) -> [UInt8] {
    let name = host.contains(":") ? "[\(host)]" : host
    let head = [
      "POST \(target) HTTP/1.1", "Host: \(name):\(port)", "User-Agent: martlet",
      "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
      "Idempotency-Key: \(key)", "Connection: close", "", "",
    ]
    return Array((head.joined(separator: "\r\n") + body).utf8)
  }

  /// Posts `body`; gives what went wrong, `nil` where the answer's status says that it was taken.
  func post(key: String, body: String, patience: Int) -> String? {
    switch connected(patience) {
    case .failure(let trouble): return trouble.words
    case .success(let socket):
      defer { close(socket) }
      let bytes = request(key: key, body: body)
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return "it cannot be written to: \(lastRefusal())" }
        sent += count
      }
      return answer(of: socket)
    }
  }

  private struct Trouble: Error { var words: String }

  private func connected(_ patience: Int) -> Result<Int32, Trouble> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let refusal = getaddrinfo(host, port, &hints, &found)
    guard refusal == 0 else {
      return .failure(
        Trouble(words: "`\(host)` is not found: \(String(cString: gai_strerror(refusal)))"))
    }
    defer { freeaddrinfo(found) }
    var words = "`\(host)` has no address"
    var next = found
    while let address = next?.pointee {
      next = address.ai_next
      let socket = socket(
        address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
      guard socket >= 0 else {
        words = lastRefusal()
        continue
      }
      var limit = timeval(tv_sec: patience, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      // The limit of sending is that of connecting too.
      setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
      if connect(socket, address.ai_addr, address.ai_addrlen) == 0 { return .success(socket) }
      words = "\(host):\(port) cannot be reached: \(lastRefusal())"
      close(socket)
    }
    return .failure(Trouble(words: words))
  }

  /// Reads no more of the answer than its first line.
  private func answer(of socket: Int32) -> String? {
    var line: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 512)
    while line.count < 4_096, !line.contains(UInt8(ascii: "\n")) {
      let count = recv(socket, &room, room.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        return count == 0 ? "it hung up without an answer" : "no answer: \(lastRefusal())"
      }
      line += room.prefix(count)
    }
    return Self.trouble(ofAnswer: line)
  }

  /// What the first line of an answer says went wrong.
  static func trouble(ofAnswer bytes: [UInt8]) -> String? {
    let line = String(
      decoding: bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }, as: UTF8.self
    )
    let parts = line.split(separator: " ")
    guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
      return "the answer is not HTTP"
    }
    return 200..<300 ~= status ? nil : "it answered \(line.dropFirst(9).prefix(100))"
  }
}
