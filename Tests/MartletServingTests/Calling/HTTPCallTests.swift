import ServedExample
import Testing

@testable import Martlet
@testable import MartletServing

struct HTTPCallTests {
  @Test func `a call is answered whatever its status`() throws {
    var settings = ServerSettings()
    settings.loopCount = 1
    let server = try Server(
      answeringFrom: ExampleStore(), at: ListenAddress(host: "127.0.0.1", port: 0),
      settings: settings)
    defer {
      server.drain(seconds: 1)
      server.wait()
    }
    func ask(_ method: String, _ target: String, _ body: String = "") throws -> HTTPAnswer {
      let address = try #require(HTTPAddress(authority: "\(server.address)", target: target))
      let call = HTTPCall(
        method, address, fields: [("Content-Type", "application/json")], Array(body.utf8))
      return try call.answer(withinMilliseconds: 20_000)
    }
    let keys = (0..<5_000).map { "\"c\($0)\"" }.joined(separator: ",")
    let answer = try ask(
      "POST", "/v1/get", "{\"service\":\"wide\",\"entities\":{\"customer_id\":[\(keys)]}}")
    #expect(answer.status == 200)
    #expect(answer.text.hasSuffix("]}}") && answer.body.count > 1_000_000)
    #expect(try ask("POST", "/v1/get", "{").status == 400)
    #expect(try ask("GET", "/nowhere").status == 404)
    #expect(try ask("HEAD", "/healthz") == HTTPAnswer(status: 200, body: []))
  }

  @Test func `nobody there, and a field that would be two, are errors`() throws {
    let nobody = try #require(HTTPAddress("http://127.0.0.1:1/"))
    let refused = #expect(throws: HTTPCallError.self) {
      try HTTPCall("GET", nobody).answer(withinMilliseconds: 5_000)
    }
    #expect(refused?.reason == .unreachable("Connection refused"))
    #expect(throws: HTTPCallError.self) {
      try HTTPCall("GET", nobody, fields: [("A", "b\r\nC: d")]).answer(withinMilliseconds: 5_000)
    }
  }

  @Test(arguments: [
    ("http://a", "a", 80, "/"), ("http://a:81/b?c=d#e", "a", 81, "/b?c=d"),
    ("http://[::1]:82/", "::1", 82, "/"), ("http://a?b", "a", 80, "/?b"),
  ])
  func `addresses are read`(_ text: String, _ host: String, _ port: UInt16, _ target: String) {
    #expect(HTTPAddress(text) == HTTPAddress(host: host, port: port, target: target))
  }

  @Test(arguments: [
    "https://a", "a", "http://", "http://a:b/", "http://a b/", "http://a/\r\nb", "http://::1/",
    "http://u@a/", "http://a:99999/",
  ])
  func `what is no address is none`(_ text: String) { #expect(HTTPAddress(text) == nil) }
}

struct HTTPAnswerReaderTests {
  static let answers: [(wire: String, status: Int, body: String)] = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, "abc"),
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length:1\r\n\r\na", 201, "a"),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
      200, "abc0123456789"
    ),
    ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
    ("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end"),
  ]

  @Test(arguments: answers.indices)
  func `an answer is the same, however its bytes come`(index: Int) throws {
    let (wire, status, body) = Self.answers[index]
    for size in [1, 2, 7, 1_000] {
      var reader = HTTPAnswerReader(limitInBytes: 1_000, hasBody: true)
      let bytes = Array(wire.utf8)
      var answer: HTTPAnswer?
      for start in stride(from: 0, to: bytes.count, by: size) where answer == nil {
        reader.append(Array(bytes[start..<min(start + size, bytes.count)]))
        answer = try reader.answer("a test")
      }
      let found = try answer ?? reader.answerAtEnd("a test")
      #expect(found == HTTPAnswer(status: status, body: Array(body.utf8)))
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "SSH-2.0\r\n\r\n", "", "HTTP/1.1 20\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nab",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
  ])
  func `what is cut short or wrong is an error, never a trap`(_ wire: String) {
    #expect(throws: HTTPCallError.self) {
      var reader = HTTPAnswerReader(limitInBytes: 1_000, hasBody: true)
      reader.append(Array(wire.utf8))
      if try reader.answer("a test") == nil { _ = try reader.answerAtEnd("a test") }
    }
  }
}
