import Glibc
import Testing

/// What a program that was run left behind.
struct ProgramRun: Equatable {
  var exit: Int32
  var output: String
  var talk: String
}

/// A program of this machine, run as a process of its own.
struct RunningProgram {
  private let process: pid_t
  private let output: String
  private let talk: String

  /// Starts the program at `path`; its two streams go to files, so that neither can fill up.
  init(
    _ path: String, _ arguments: [String], environment: [String: String] = [:],
    output: String? = nil
  ) throws {
    self.output = try output ?? temporaryFile()
    talk = try temporaryFile()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, self.output, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, talk, O_WRONLY, 0)
    let path = path.contains("/") ? path : "/usr/bin/\(path)"
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var process = pid_t()
    let refusal = posix_spawn(&process, path, &actions, nil, &words, &variables)
    try #require(refusal == 0, "\(path) does not start: \(String(cString: strerror(refusal)))")
    self.process = process
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(process, number) }

  /// Waits for the end.
  func end() throws -> ProgramRun {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 { try #require(errno == EINTR) }
    // A process that a signal ended has no exit code; shells say 128 and the signal.
    let exit = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    return ProgramRun(
      exit: exit, output: try contents(of: output), talk: try contents(of: talk))
  }
}

/// `martlet` itself, as the build left it beside these tests.
func martlet(
  _ words: String..., environment: [String: String] = [:], output: String? = nil
) throws -> ProgramRun {
  try RunningProgram(
    builtFolder() + "/martlet", words, environment: environment, output: output
  ).end()
}

/// The folder of the program that runs the tests, where the build also puts `martlet`.
func builtFolder() throws -> String {
  let program = try #require(realpath("/proc/self/exe", nil))
  defer { free(program) }
  let path = String(cString: program)
  return String(path[..<(try #require(path.lastIndex(of: "/")))])
}

/// Whether a program is installed where Debian puts it.
func isInstalled(_ name: String) -> Bool { access("/usr/bin/\(name)", X_OK) == 0 }

/// What the system makes a new name of, by changing the last six letters.
private let temporaryName = "/tmp/martlet-" + String(repeating: "X", count: 6)

/// A new empty folder, for the test to remove.
func temporaryFolder() throws -> String {
  let template = try #require(strdup(temporaryName))
  defer { free(template) }
  return String(cString: try #require(mkdtemp(template)))
}

private func temporaryFile() throws -> String {
  let template = try #require(strdup(temporaryName))
  defer { free(template) }
  let descriptor = mkstemp(template)
  try #require(descriptor >= 0)
  close(descriptor)
  return String(cString: template)
}

/// The text of a file, which is removed when it was ours.
private func contents(of path: String) throws -> String {
  guard path.hasPrefix("/tmp/martlet-") else { return "" }
  defer { unlink(path) }
  return try text(ofFile: path)
}

/// The text of a file.
func text(ofFile path: String) throws -> String {
  let descriptor = open(path, O_RDONLY)
  try #require(descriptor >= 0, "\(path): \(String(cString: strerror(errno)))")
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(descriptor, &piece, piece.count)
    try #require(count >= 0)
    if count == 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes += piece[..<count]
  }
}
