import Testing

@testable import MartletServing

/// A connection's life, told in bytes and seconds; there is no socket and no clock.
struct ConnectionTests {
  private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  @Test func `answers pipelined requests in their order`() {
    var connection = Connection.sample()
    connection.receive("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3")
    #expect(connection.answerAll() == ["/1", "/2"])
    connection.receive(" HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(connection.answerAll() == ["/3"])
    #expect(connection.sentText == "[/1][/2][/3]")
  }

  @Test func `shows a head before the body has come`() {
    var connection = Connection.sample()
    connection.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
    #expect(connection.next() == .look)
    connection.readBody(upTo: 10)
    #expect(connection.next() == .wait)
    connection.receive("abc")
    #expect(connection.next() == .answer)
  }

  @Test func `invites a body that is waited for`() {
    var connection = Connection.sample()
    connection.receive(
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    #expect(connection.next() == .look)
    connection.readBody(upTo: 10)
    #expect(connection.sentText == "HTTP/1.1 100 Continue\r\n\r\n")
  }

  @Test func `ends behind the request that says so, and reads nothing after it`() {
    var connection = Connection.sample()
    connection.receive("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get)
    #expect(connection.answerAll() == ["/1"])
    #expect(connection.phase == .ending)
    #expect(connection.sendAll() == .endSending)
    #expect(connection.phase == .lingering)
    connection.receive(get)
    #expect(connection.answerAll() == [])
    connection.inputEnded()
    #expect(connection.phase == .closed)
  }

  @Test func `answers a caller that has ended its side, then closes`() {
    var connection = Connection.sample()
    connection.receive(get)
    connection.inputEnded()
    #expect(connection.answerAll() == ["/"])
    #expect(connection.next() == .wait)
    #expect(connection.sendAll() == .close)
  }

  @Test func `a refusal ends the connection`() {
    var connection = Connection.sample()
    connection.receive("nonsense\r\n" + get)
    #expect(connection.next() == .refuse(.requestLine))
    connection.refuse { $0.append("400") }
    #expect(connection.next() == .wait)
    #expect(connection.sendAll() == .endSending)
  }

  @Test func `waits for a worker and reads nothing meanwhile`() {
    var connection = Connection.sample()
    connection.receive(get + get)
    #expect(connection.next() == .look)
    connection.readBody(upTo: 0)
    #expect(connection.next() == .answer)
    connection.answer { _, _, _ in .later }
    #expect(connection.next() == .wait)
    #expect(connection.wantsInput == false)
    var late = ByteQueue()
    late.append("late")
    connection.answerArrived(&late, endsConnection: false, at: 1)
    #expect(connection.wantsInput == true)
    #expect(connection.answerAll() == ["/"])
    #expect(connection.sentText == "late[/]")
  }

  @Test func `an answer for a connection that is gone changes nothing`() {
    var connection = Connection.sample()
    connection.broke()
    var answer = ByteQueue()
    answer.append("late")
    connection.answerArrived(&answer, endsConnection: false, at: 0)
    #expect(connection.phase == .closed)
    #expect(connection.output.isEmpty == true)
  }

  @Test func `takes no further request while answers wait to be sent`() {
    var limits = ConnectionLimits()
    limits.waitingAnswerBytes = 5
    var connection = Connection.sample(limits)
    connection.receive(String(repeating: get, count: 10))
    #expect(connection.answerAll() == ["/", "/"])
    #expect(connection.wantsInput == false)
    #expect(connection.sendAll() == .goOn)
    #expect(connection.answerAll() == ["/", "/"])
  }

  @Test func `drained between requests it ends at once, in the middle after the answer`() {
    var idle = Connection.sample()
    idle.drain()
    #expect(idle.phase == .ending)

    var busy = Connection.sample()
    busy.receive("GET / HT")
    busy.drain()
    #expect(busy.next() == .wait)
    #expect(busy.phase == .reading)
    busy.receive("TP/1.1\r\nHost: a\r\n\r\n")
    #expect(busy.answerAll() == ["/"])
    #expect(busy.phase == .ending)
  }

  // MARK: Time

  @Test func `idle is over after its limit, and begins again with every answer`() {
    var connection = Connection.sample()
    #expect(connection.expiry(at: 75) == nil)
    #expect(connection.expiry(at: 76) == .idle)
    connection.receive(get, at: 70)
    #expect(connection.answerAll() == ["/"])
    _ = connection.sendAll(at: 71)
    #expect(connection.expiry(at: 145) == nil)
    #expect(connection.expiry(at: 147) == .idle)
  }

  @Test func `a head that trickles in is cut off, however often a byte comes`() {
    var connection = Connection.sample()
    for (second, byte) in "GET / HTTP/1.1\r\n".enumerated() {
      connection.receive(String(byte), at: Double(second))
      _ = connection.next()
      _ = connection.sendAll(at: Double(second))
      #expect(connection.expiry(at: Double(second)) == (second > 10 ? .slowRequest : nil))
    }
  }

  @Test func `a body may take as long as its size allows`() {
    var connection = Connection.sample()
    connection.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", at: 0)
    #expect(connection.next() == .look)
    connection.readBody(upTo: 1_000_000)
    connection.receive(String(repeating: "b", count: 409_600), at: 1)
    #expect(connection.next() == .wait)
    #expect(connection.expiry(at: 119) == nil)
    #expect(connection.expiry(at: 121) == .slowRequest)
  }

  @Test func `a caller that does not take its answer is cut off`() {
    var connection = Connection.sample()
    connection.receive(get, at: 0)
    #expect(connection.answerAll() == ["/"])
    #expect(connection.expiry(at: 19) == nil)
    #expect(connection.expiry(at: 21) == .slowCaller)
  }

  @Test func `who waits for a worker has all the time there is`() {
    var connection = Connection.sample()
    connection.receive(get, at: 0)
    #expect(connection.next() == .look)
    connection.readBody(upTo: 0)
    #expect(connection.next() == .answer)
    connection.answer { _, _, _ in .later }
    #expect(connection.expiry(at: 1_000) == nil)
  }

  @Test func `memory is given back when nothing is held`() {
    var connection = Connection.sample()
    connection.receive(get)
    #expect(connection.answerAll() == ["/"])
    _ = connection.sendAll()
    connection.rest(at: 2)
    connection.receive(get)
    #expect(connection.answerAll() == ["/"])
  }
}

extension Connection {
  static func sample(_ limits: ConnectionLimits = ConnectionLimits()) -> Connection {
    Connection(requests: RequestLimits(), limits: limits, at: 0)
  }

  mutating func receive(_ text: String, at now: Seconds = 0) {
    let bytes = Array(text.utf8)
    receive(upTo: bytes.count, at: now) { room in
      room.copyBytes(from: bytes)
      return bytes.count
    }
  }

  /// Answers every request there is with its path in brackets; returns the paths.
  mutating func answerAll() -> [String] {
    var paths: [String] = []
    while true {
      switch next() {
      case .look: readBody(upTo: 1_000)
      case .answer:
        answer { request, _, output in
          let path = request.text(request.head.path) ?? ""
          paths.append(path)
          output.append(text: "[\(path)]")
          return .now
        }
      case .wait, .refuse: return paths
      }
    }
  }

  mutating func sendAll(at now: Seconds = 0) -> AfterSending { sent(output.count, at: now) }

  var sentText: String { String(decoding: output.unsafeBytes, as: UTF8.self) }
}
