import Glibc
import Testing

@testable import MartletCommand

/// What a program that was run left behind.
struct ProgramRun: Equatable {
  /// Its code, or less the signal that ended it.
  var exit: Int32
  var output: String
  var talk: String
}

/// A program of this machine, run as a process of its own.
struct RunningProgram {
  private let process: pid_t
  /// A file of ours; `nil` when the output goes where the test says.
  private let output: String?
  private let talk: String

  /// Starts the program at `path`; its two streams go to files, so that neither can fill up.
  init(
    _ path: String, _ arguments: [String], environment: [String: String] = [:],
    input: String = "/dev/null", output: String? = nil
  ) throws {
    let outputFile = try output ?? temporaryFile()
    self.output = output == nil ? outputFile : nil
    talk = try temporaryFile()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputFile, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, talk, O_WRONLY, 0)
    // Neither what the tests' runner blocks nor what its own parent ignores is passed on.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let path = path.contains("/") ? path : "/usr/bin/\(path)"
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var process = pid_t()
    let refusal = posix_spawn(&process, path, &actions, &attributes, &words, &variables)
    try #require(refusal == 0, "\(path) does not start: \(String(cString: strerror(refusal)))")
    self.process = process
  }

  /// Waits until what the system says of the process fits.
  func wait(until fits: (_ status: [Substring: Substring]) -> Bool) throws {
    while true {
      let lines = try text(ofFile: "/proc/\(process)/status").split(separator: "\n")
      let status = Dictionary(
        lines.compactMap { line in
          line.firstIndex(of: ":").map { (line[..<$0], line[$0...].dropFirst(2)) }
        }, uniquingKeysWith: { first, _ in first })
      if fits(status) { return }
      try #require(status["State"]?.hasPrefix("Z") == false, "the program has ended")
      usleep(1_000)
    }
  }

  /// Whether the process is still there.
  var isRunning: Bool { waitpid(process, nil, WNOHANG) == 0 }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(process, number) }

  /// Waits for the end.
  func end() throws -> ProgramRun {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 { try #require(errno == EINTR) }
    // A process that a signal ended has no exit code.
    let exit = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    return ProgramRun(
      exit: exit, output: try output.map(takenText) ?? "", talk: try takenText(ofFile: talk))
  }
}

/// `martlet` itself, as the build left it beside these tests.
func martlet(
  _ words: String..., environment: [String: String] = [:], output: String? = nil
) throws -> ProgramRun {
  try martlet(words, environment: environment, output: output)
}

/// As above, for words that are put together.
func martlet(
  _ words: [String], environment: [String: String] = [:], input: String = "/dev/null",
  output: String? = nil
) throws -> ProgramRun {
  try RunningProgram(
    builtFolder() + "/martlet", words, environment: environment, input: input, output: output
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

/// The text of a file, which is removed.
private func takenText(ofFile path: String) throws -> String {
  defer { unlink(path) }
  return try text(ofFile: path)
}
