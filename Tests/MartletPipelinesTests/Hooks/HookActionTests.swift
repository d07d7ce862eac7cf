import Glibc
import MartletColumns
import MartletLanguage
import Testing

@testable import MartletPipelines

struct HookActionTests {
  @Test func `a command gets what happened, and its exit code says whether it is told`() throws {
    var template = Array("/tmp/martlet-hook-\(String(repeating: "X", count: 6))".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer {
      unlink("\(folder)/told")
      rmdir(folder)
    }
    let action = HookAction(
      folder: folder, commandLimit: TimeLength(microseconds: 1_000_000))
    func tell(_ command: String) -> String? {
      action.tell([.run(command)], key: "k'1", event: "failure", body: #"{"set":"a"}"#)
    }
    #expect(tell(#"cat > told; echo "$MARTLET_KEY $MARTLET_EVENT" >> told"#) == nil)
    #expect(try text("\(folder)/told") == "{\"set\":\"a\"}\nk'1 failure\n")
    #expect(tell("exit 3") == "it exited with 3")
    #expect(tell("kill -9 $$") == "it was ended by signal 9")
    #expect(tell("sleep 5") == "it took longer than 1s")
    #expect(tell("no-such-command-at-all 2> /dev/null") == "it exited with 127")
  }

  @Test func `an address is posted to, and the answer's status says whether it is told`() throws {
    let receiver = try Receiver(answer: "HTTP/1.1 204 No Content\r\n\r\n")
    let action = HookAction(folder: "/tmp", patience: 5)
    let address = "http://127.0.0.1:\(receiver.port)/told?a=1"
    #expect(action.tell([.post(address)], key: "k1", event: "failure", body: "{}") == nil)
    #expect(
      receiver.request
        == "POST /told?a=1 HTTP/1.1\r\nHost: 127.0.0.1:\(receiver.port)\r\nUser-Agent: martlet\r\n"
        + "Content-Type: application/json\r\nContent-Length: 2\r\nIdempotency-Key: k1\r\n"
        + "Connection: close\r\n\r\n{}")
    let busy = try Receiver(answer: "HTTP/1.1 503 Service Unavailable\r\n\r\n")
    #expect(
      action.tell([.post("http://127.0.0.1:\(busy.port)")], key: "k", event: "e", body: "{}")
        == "it answered 503 Service Unavailable")
    let silent = try Receiver(answer: "")
    #expect(
      action.tell([.post("http://127.0.0.1:\(silent.port)")], key: "k", event: "e", body: "{}")
        == "it hung up without an answer")
  }

  @Test func `addresses are taken apart, and no answer traps`() {
    #expect(Webhook("http://[::1]:8080")?.host == "::1")
    #expect(Webhook("http://a.b/c?d#e")?.target == "/c?d")
    #expect(Webhook("http://a.b")?.target == "/")
    for text in [
      "https://a", "http://", "http://:80", "http://a:0", "http://a:x", "http://a:70000",
    ] {
      #expect(Webhook(text) == nil, "\(text)")
    }
    #expect(Webhook.trouble(ofAnswer: Array("HTTP/1.1 200 OK\r\n".utf8)) == nil)
    for answer in ["", "\n", "HTTP/1.1", "HTTP/1.1 x", "SSH-2.0", "HTTP/1.1 99999999999999999999"] {
      #expect(Webhook.trouble(ofAnswer: Array(answer.utf8)) != nil, "\(answer)")
    }
  }

  private func text(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

/// Takes one request, and answers it as it was told to.
private final class Receiver {
  private(set) var port: UInt16 = 0
  private let listener: Int32
  private var received: [Int32] = [0, 0]

  /// What was asked.
  var request: String {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(received[0], &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  init(answer: String) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 1) == 0
          && getsockname(listener, $0, &size) == 0
      }
    }
    try #require(isBound && pipe(&received) == 0)
    port = UInt16(bigEndian: address.sin_port)
    let writing = received[1]
    try #require(
      startThread {
        let connection = accept(listener, nil, nil)
        var bytes = [UInt8](repeating: 0, count: 4_096)
        var total = 0
        // The bodies of these tests end with a brace.
        while total == 0 || bytes[total - 1] != UInt8(ascii: "}") {
          let count = bytes[total...].withUnsafeMutableBytes {
            recv(connection, $0.baseAddress, $0.count, 0)
          }
          guard count > 0 else { break }
          total += count
        }
        _ = write(writing, bytes, total)
        _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
        close(connection)
      })
  }

  deinit {
    close(listener)
    for end in received { close(end) }
  }
}
