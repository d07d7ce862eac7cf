/// An answer in the making, from whatever bytes have come.
///
///     HTTP/1.1 200 OK ─┐ fields, of which two matter:
///     …                │   Content-Length: the body has so many bytes
///                      │   Transfer-Encoding: chunked: it comes in pieces, each with its length
///     body ────────────┘   neither: it ends where the connection does
struct HTTPAnswerReader {
  private var bytes: [UInt8] = []
  private let limitInBytes: Int
  private let hasBody: Bool
  private var head: Head?

  private struct Head {
    var status: Int
    var bodyStart: Int
    var length: Int?
    var isChunked: Bool
  }

  init(limitInBytes: Int, hasBody: Bool) {
    self.limitInBytes = limitInBytes
    self.hasBody = hasBody
  }

  mutating func append(_ more: [UInt8]) { bytes += more }

  /// The answer, once all of it has come.
  mutating func answer(_ attempt: String) throws(HTTPCallError) -> HTTPAnswer? {
    guard let head = try readHead(attempt) else { return nil }
    if !hasBody || head.status == 204 || head.status == 304 {
      return HTTPAnswer(status: head.status, body: [])
    }
    guard bytes.count - head.bodyStart <= limitInBytes else {
      throw HTTPCallError(attempt: attempt, reason: .unreadable("the answer is too long"))
    }
    if head.isChunked {
      return try chunks(from: head.bodyStart, attempt).map {
        HTTPAnswer(status: head.status, body: $0)
      }
    }
    guard let length = head.length, bytes.count - head.bodyStart >= length else { return nil }
    return HTTPAnswer(
      status: head.status, body: Array(bytes[head.bodyStart..<head.bodyStart + length]))
  }

  /// The answer of a server that has ended the connection.
  mutating func answerAtEnd(_ attempt: String) throws(HTTPCallError) -> HTTPAnswer {
    guard let head = try readHead(attempt), head.length == nil, !head.isChunked else {
      throw HTTPCallError(attempt: attempt, reason: .cutShort)
    }
    return HTTPAnswer(status: head.status, body: Array(bytes[head.bodyStart...]))
  }

  private mutating func readHead(_ attempt: String) throws(HTTPCallError) -> Head? {
    while true {
      if let head { return head }
      guard let end = end(ofHeadFrom: 0) else {
        guard bytes.count <= 64 << 10 else {
          throw HTTPCallError(attempt: attempt, reason: .unreadable("its head does not end"))
        }
        return nil
      }
      let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
      let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
      guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
        100...999 ~= status
      else { throw HTTPCallError(attempt: attempt, reason: .unreadable("it is no HTTP")) }
      if status < 200 {
        // A word in between, such as `100 Continue`; the answer is still to come.
        bytes.removeFirst(end + 4)
        continue
      }
      var found = Head(status: status, bodyStart: end + 4, length: nil, isChunked: false)
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let value = line[line.index(after: colon)...].filter { $0 != " " && $0 != "\t" }
        switch line[..<colon].lowercased() {
        case "content-length":
          guard let length = Int(value), length >= 0, length <= limitInBytes else {
            throw HTTPCallError(attempt: attempt, reason: .unreadable("its length is \(value)"))
          }
          found.length = length
        case "transfer-encoding": found.isChunked = value.lowercased().hasSuffix("chunked")
        default: break
        }
      }
      head = found
    }
  }

  private func end(ofHeadFrom start: Int) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (start...(bytes.count - 4)).first {
      bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
    }
  }

  /// The pieces from `start` on, put together; `nil` while the last has not come.
  private func chunks(from start: Int, _ attempt: String) throws(HTTPCallError) -> [UInt8]? {
    var body: [UInt8] = []
    var place = start
    while true {
      guard let lineEnd = bytes[place...].firstIndex(of: 13), lineEnd + 1 < bytes.count else {
        return nil
      }
      let digits = String(decoding: bytes[place..<lineEnd].prefix { $0 != 0x3B }, as: UTF8.self)
      guard let length = Int(digits.filter { $0 != " " }, radix: 16), length >= 0,
        length <= limitInBytes
      else { throw HTTPCallError(attempt: attempt, reason: .unreadable("a piece has no length")) }
      // Fields behind the last piece tell nothing that is asked for here.
      if length == 0 { return body }
      let pieceStart = lineEnd + 2
      guard bytes.count >= pieceStart + length + 2 else { return nil }
      body += bytes[pieceStart..<pieceStart + length]
      place = pieceStart + length + 2
    }
  }
}
