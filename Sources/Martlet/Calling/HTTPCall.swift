/// A request to a server. It waits for the answer on the thread that makes it, which must not be one of
/// the cooperative pool's.
///
///     let call = HTTPCall("POST", address, fields: [("Content-Type", "application/json")], body)
///     let answer = try call.answer(withinMilliseconds: 5_000)
public struct HTTPCall: Sendable {
  public var method: String
  public var address: HTTPAddress
  public var fields: [(name: String, value: String)]
  public var body: [UInt8]

  /// The longest answer that is read.
  public var answerLimitInBytes = 256 << 20

  /// A request, not made yet.
  public init(
    _ method: String, _ address: HTTPAddress, fields: [(name: String, value: String)] = [],
    _ body: [UInt8] = []
  ) {
    self.method = method
    self.address = address
    self.fields = fields
    self.body = body
  }

  /// Makes the request on a connection of its own, and reads the answer, whatever its status.
  public func answer(withinMilliseconds limit: Int) throws(HTTPCallError) -> HTTPAnswer {
    let attempt = "asking \(address)"
    let socket = try CallSocket(to: address, withinMilliseconds: limit, attempting: attempt)
    try socket.send(try head(attempt), attempt)
    try socket.send(body, attempt)
    var reader = HTTPAnswerReader(limitInBytes: answerLimitInBytes, hasBody: method != "HEAD")
    while true {
      if let answer = try reader.answer(attempt) { return answer }
      let more = try socket.receive(attempt)
      if more.isEmpty { return try reader.answerAtEnd(attempt) }
      reader.append(more)
    }
  }

  private func head(_ attempt: String) throws(HTTPCallError) -> [UInt8] {
    var head = "\(method) \(address.target) HTTP/1.1\r\nHost: \(address.authority)\r\n"
    head += "Connection: close\r\n"
    if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
    for (name, value) in fields {
      // A line's end in a value would begin another field.
      guard HTTPAddress.isPlain(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw HTTPCallError(attempt: attempt, reason: .unsendable(field: name))
      }
      head += "\(name): \(value)\r\n"
    }
    return Array((head + "\r\n").utf8)
  }
}

/// What a server said.
public struct HTTPAnswer: Hashable, Sendable {
  public var status: Int
  public var body: [UInt8]

  /// The body, as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
}

/// A request got no answer.
public struct HTTPCallError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was attempted: "asking http://127.0.0.1:8080/v1/get".
  public var attempt: String
  public var reason: Reason

  /// Why there is no answer.
  public enum Reason: Hashable, Sendable {
    /// The system's words: nobody listens there, the host is not known.
    case unreachable(String)

    /// It took longer than it may.
    case tooSlow

    /// The connection ended before the answer did.
    case cutShort

    /// What came is not HTTP, or longer than it may be.
    case unreadable(String)

    /// A field's value cannot be sent.
    case unsendable(field: String)
  }

  public var description: String { "\(attempt): \(reason)" }
}

extension HTTPCallError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreachable(let words): words
    case .tooSlow: "no answer in time"
    case .cutShort: "the connection ended before the answer did"
    case .unreadable(let words): words
    case .unsendable(let field): "the field `\(field)` has letters that cannot be sent"
    }
  }
}
