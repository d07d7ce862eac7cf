import Glibc
import Martlet
import MartletRegistry
import Testing

/// A run that asks a server for what was pushed to it.
struct ServerPushesTests {
  @Test func `a run does not wait for a server that ended after it was asked`() throws {
    let folder = try #require(Self.makeFolder())
    defer {
      for end in ["", "-wal", "-shm"] { unlink("\(folder)/registry.sqlite\(end)") }
      rmdir(folder)
    }
    let registry = try Registry(at: "\(folder)/registry.sqlite")
    let server = try #require(Self.sleeper())
    try registry.record(ServerRecord(process: server, address: "127.0.0.1:1"))
    var looks = 0
    let isWhole = try registry.collectServerPushes {
      looks += 1
      kill(server, SIGKILL)
      waitpid(server, nil, 0)
    }
    #expect(!isWhole)
    #expect(looks == 1)
    // The next run knows that there is nobody to ask.
    #expect(try registry.collectServerPushes { looks += 1 })
    #expect(looks == 1)
  }

  /// A process that does nothing, as long as it is let.
  private static func sleeper() -> pid_t? {
    var process = pid_t()
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
    defer { for word in words { free(word) } }
    guard posix_spawnp(&process, "sleep", nil, nil, words, [nil]) == 0 else { return nil }
    return process
  }

  private static func makeFolder() -> String? {
    var template = Array("/tmp/martlet-pushes-\(String(repeating: "X", count: 6))".utf8CString)
    return template.withUnsafeMutableBufferPointer { room in
      room.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
  }
}
