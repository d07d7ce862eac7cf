import HTTPCaller
import ServedExample
import Synchronization
import Testing

@testable import MartletServing

struct ServerTests {
  private func started(
    _ store: ExampleStore = ExampleStore(), _ change: (inout ServerSettings) -> Void = { _ in }
  ) throws -> Server {
    var settings = ServerSettings()
    settings.loopCount = 2
    settings.connections.lingerSeconds = 0.1
    change(&settings)
    return try Server(
      answeringFrom: store, at: ListenAddress(host: "127.0.0.1", port: 0), settings: settings)
  }

  private func finish(_ server: Server) {
    server.drain(seconds: 5)
    server.wait()
  }

  private func get(_ customer: String, extra: String = "") -> String {
    let body = #"{"service":"wide","entities":{"customer_id":["\#(customer)"]}}"#
    return "POST /v1/get HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(extra)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test(arguments: [false, true])
  func `keeps a connection, and answers what is pipelined in order`(waits: Bool) throws {
    let server = try started(ExampleStore(waits: waits))
    let wire = try Wire(to: server.address.port)
    for round in 0..<3 {
      wire.send((0..<50).map { get("c\(round * 100 + $0)") }.joined())
      for index in 0..<50 {
        let answer = try #require(wire.answer())
        #expect(answer.status == 200)
        #expect(answer.body.contains("\"wide__f0\":[\(round * 100 + index).25]"))
      }
    }
    finish(server)
    #expect(wire.isClosed)
  }

  @Test func `reads bytes one at a time, chunks, and a body that waits to be invited`() throws {
    let server = try started()
    let wire = try Wire(to: server.address.port)
    for byte in get("c1").utf8 { wire.send([byte]) }
    #expect(wire.answer()?.status == 200)
    let body = #"{"service":"wide","entities":{"customer_id":["c1"]}}"#
    let head = "POST /v1/get HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    wire.send(
      head + "Transfer-Encoding: chunked\r\n\r\na\r\n\(body.prefix(10))\r\n"
        + "\(String(body.utf8.count - 10, radix: 16))\r\n\(body.dropFirst(10))\r\n0\r\n\r\n")
    #expect(wire.answer()?.status == 200)
    wire.send(head + "Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
    #expect(wire.answer()?.status == 100)
    wire.send(body)
    #expect(wire.answer()?.status == 200)
    finish(server)
  }

  @Test func `a refused request with a small body leaves the connection, a large one ends it`()
    throws
  {
    let server = try started()
    let wire = try Wire(to: server.address.port)
    wire.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + get("c1"))
    #expect(wire.answer()?.status == 404)
    #expect(wire.answer()?.status == 200)
    wire.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nhello")
    #expect(wire.answer()?.status == 404)
    #expect(wire.isClosed)

    let large = try Wire(to: server.address.port)
    large.send(
      "POST /v1/get HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + "Content-Length: 100000000\r\n\r\n")
    let answer = try #require(large.answer())
    #expect(answer.status == 413)
    #expect(answer.body.contains("body-too-large"))
    #expect(large.isClosed)
    finish(server)
  }

  @Test func `what is no request gets its answer and a closed connection`() throws {
    let server = try started()
    for (bytes, status) in [
      ("nonsense\r\n\r\n", 400), ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
      ("GET / HTTP/1.1\r\n\r\n", 400), ("\u{16}\u{3}\u{1}", 400),
    ] {
      let wire = try Wire(to: server.address.port)
      wire.send(bytes)
      #expect(wire.answer()?.status == status)
      #expect(wire.isClosed)
    }
    finish(server)
  }

  @Test func `too many connections are turned away, and later ones let in again`() throws {
    let server = try started { $0.connectionLimit = 2 }
    var wires = try (0..<2).map { _ in try Wire(to: server.address.port) }
    for wire in wires {
      wire.send(get("c1"))
      #expect(wire.answer()?.status == 200)
    }
    let third = try Wire(to: server.address.port)
    let refused = try #require(third.answer())
    #expect(refused.status == 503)
    #expect(refused.body.hasSuffix("\"detail\":\"try again\"}"))
    wires.removeAll()
    var status: Int? = 503
    while status == 503 {
      let wire = try Wire(to: server.address.port)
      wire.send(get("c1"))
      status = wire.answer()?.status
    }
    #expect(status == 200)
    finish(server)
  }

  @Test func `who sends nothing, or too slowly, is cut off`() throws {
    let server = try started {
      $0.connections.idleSeconds = 0.2
      $0.connections.headSeconds = 0.2
    }
    let idle = try Wire(to: server.address.port)
    let slow = try Wire(to: server.address.port)
    slow.send("GET / HT")
    #expect(slow.answer()?.status == 408)
    #expect(slow.isClosed)
    #expect(idle.isClosed)
    finish(server)
  }

  @Test func `drained, it finishes what has begun and lets nobody in`() throws {
    let server = try started()
    let port = server.address.port
    let begun = try Wire(to: port)
    let whole = get("c1")
    begun.send(String(whole.dropLast(1)))
    let idle = try Wire(to: port)
    idle.send(get("c2"))
    #expect(idle.answer()?.status == 200)
    // The loop has the beginning once another caller of it has been answered twice.
    for _ in 0..<4 {
      let other = try Wire(to: port)
      other.send(get("c3"))
      #expect(other.answer()?.status == 200)
    }
    server.drain(seconds: 10)
    #expect(idle.isClosed)
    begun.send(String(whole.suffix(1)))
    #expect(begun.answer()?.status == 200)
    #expect(begun.isClosed)
    server.wait()
    #expect(throws: Wire.WireError.self) { _ = try Wire(to: port) }
  }

  @Test func `versions switch under load without an error or a mixed answer`() throws {
    let store = ExampleStore(version: 1)
    let server = try started(store)
    let port = server.address.port
    let body =
      #"{"service":"fraud_check","entities":{"customer_id":["c5"]},"#
      + #""given":{"amount":[1],"at_hour":[1]}}"#
    let request =
      "POST /v1/get HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let wires = try (0..<4).map { _ in try Wire(to: port) }
    var seen: Set<String> = []
    for version in 1...100 {
      store.apply(version: version, waits: version % 2 == 0)
      for wire in wires { wire.send(request + request) }
      for wire in wires {
        for _ in 0..<2 {
          let answer = try #require(wire.answer())
          #expect(answer.status == 200)
          // The version's name stands in texts, its number in whole numbers, and they must agree.
          let name = try #require(answer.body.firstMatch(of: /"version":"v(\d+)"/)?.1)
          let number = try #require(Int(name))
          #expect(answer.body.contains("\"spend__f2\":[\"v\(number)\"]"))
          #expect(answer.body.contains("\"spend__f1\":[\(5 + 1 + number)]"))
          seen.insert(String(name))
        }
      }
    }
    #expect(seen.count > 50)
    finish(server)
  }

  @Test func `a thousand connections are served beside one another`() throws {
    let server = try started()
    let wires = try (0..<1_000).map { _ in try Wire(to: server.address.port) }
    for (index, wire) in wires.enumerated() { wire.send(get("c\(index)")) }
    for (index, wire) in wires.enumerated() {
      let answer = try #require(wire.answer())
      #expect(answer.body.contains("\"wide__f0\":[\(index).25]"))
    }
    finish(server)
  }

  @Test func `workers that are all busy refuse at once`() throws {
    let workers = try Workers(count: 1, queueLimit: 2)
    let gate = Mutex(false)
    let isBusy = Mutex(false)
    let wait: @Sendable () -> Void = {
      isBusy.withLock { $0 = true }
      while !gate.withLock({ $0 }) {}
    }
    #expect(workers.submit(wait))
    while !isBusy.withLock({ $0 }) {}
    #expect(workers.submit {})
    #expect(workers.submit {})
    #expect(!workers.submit {})
    #expect(workers.depth == 2)
    gate.withLock { $0 = true }
    workers.finish()
    #expect(!workers.submit {})
  }

  @Test(arguments: [
    ("127.0.0.1:80", "127.0.0.1", 80, true), ("[::1]:8080", "::1", 8080, true),
    ("localhost:0", "localhost", 0, true), (":9000", "::", 9000, false),
    ("0.0.0.0:1", "0.0.0.0", 1, false), ("127.example.com:1", "127.example.com", 1, false),
  ])
  func `reads addresses, and knows those that only this machine reaches`(
    text: String, host: String, port: UInt16, isLoopback: Bool
  ) throws {
    let address = try #require(ListenAddress(text))
    #expect(address == ListenAddress(host: host, port: port))
    #expect(address.isLoopback == isLoopback)
  }

  @Test(arguments: ["", "80", "a:b", "a:70000", "::1", "1:2:3"])
  func `reads no address into anything else`(text: String) {
    #expect(ListenAddress(text) == nil)
  }

  @Test func `listens elsewhere only with tokens, or when that is meant`() throws {
    let everywhere = ListenAddress(host: "0.0.0.0", port: 0)
    #expect(throws: SocketError.self) {
      try Server(answeringFrom: ExampleStore(), at: everywhere)
    }
    finish(try Server(answeringFrom: ExampleStore(), at: everywhere, openTo: .everyone))
    finish(try Server(answeringFrom: ExampleStore(), at: everywhere, tokens: TokenList([])))
  }

  @Test func `an address that is taken is refused in words`() throws {
    let server = try started()
    let error = #expect(throws: SocketError.self) {
      try Server(answeringFrom: ExampleStore(), at: server.address)
    }
    #expect(error?.description == "listening on \(server.address): Address already in use")
    finish(server)
  }
}
