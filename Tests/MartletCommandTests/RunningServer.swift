import Glibc
import HTTPCaller
import Testing

@testable import MartletCommand

/// `martlet serve`, on a port of its own.
struct RunningServer {
  private let program: RunningProgram
  let port: UInt16

  /// Starts a server of the project in `folder`, and waits until it listens.
  init(
    _ folder: String, at address: String = "127.0.0.1:0", _ flags: [String] = []
  ) throws {
    let said = "\(folder)/server.txt"
    close(open(said, O_WRONLY | O_CREAT | O_TRUNC, 0o644))
    program = try RunningProgram(
      builtFolder() + "/martlet", ["serve", "--listen", address, "--project", folder] + flags,
      output: said)
    for _ in 0..<600 {
      let address = try text(ofFile: said)
      if address.hasSuffix("\n"), let colon = address.lastIndex(of: ":"),
        let port = UInt16(address[address.index(after: colon)...].dropLast())
      {
        self.port = port
        return
      }
      usleep(50_000)
    }
    program.signal(SIGKILL)
    _ = try program.end()
    throw Wire.WireError()
  }

  /// What is answered to a POST.
  func post(
    _ path: String, _ type: String, _ body: String, token: String? = nil
  ) throws -> (status: Int, body: String) {
    let wire = try Wire(to: port)
    let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    wire.send(
      "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n\(authorization)"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    return try #require(wire.answer())
  }

  /// What is answered to a GET.
  func get(_ path: String) throws -> (status: Int, body: String) {
    let wire = try Wire(to: port)
    wire.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return try #require(wire.answer())
  }

  /// Sends a signal, and waits for the end.
  @discardableResult
  func end(_ signal: Int32 = SIGTERM) throws -> ProgramRun {
    program.signal(signal)
    return try program.end()
  }
}
