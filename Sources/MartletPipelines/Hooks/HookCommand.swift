import Glibc
import MartletColumns

/// A command that is run for a hook: by the shell, in the project's folder, what happened on its standard
/// input. That it exits with 0 says that it is told.
struct HookCommand {
  private let command: String
  private let folder: String
  private let limit: TimeLength

  init(_ command: String, in folder: String, limit: TimeLength) {
    self.command = command
    self.folder = folder
    self.limit = limit
  }

  /// Runs it, or ends it once `isEnding`; gives what went wrong.
  func run(key: String, event: String, body: String, until isEnding: () -> Bool) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return "no pipe: \(lastRefusal())" }
    let (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // All of it before the command is there: a pipe holds at least 64 KiB, more than is ever said, and
    // nobody waits for a command that reads nothing.
    let bytes = Array(body.utf8) + [UInt8(ascii: "\n")]
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let count = bytes.withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
    close(writing)
    guard count == bytes.count else {
      close(reading)
      return "\(bytes.count) bytes are too much to say at once"
    }
    var child: pid_t = 0
    let refusal = spawn(&child, reading: reading, key: key, event: event)
    close(reading)
    guard refusal == 0 else { return "it cannot be started: \(String(cString: strerror(refusal)))" }
    return wait(for: child, until: isEnding)
  }

  private func spawn(
    _ child: inout pid_t, reading: Int32, key: String, event: String
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, reading, STDIN_FILENO)
    // Standard output is for answers.
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)

    // A group of its own can be ended as a whole; signals are as a program expects them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let words = ["/bin/sh", "-c", "cd \"$0\" && eval \"$1\"", folder, command]
    var inherited: [String] = []
    var place = environ
    while let entry = place.pointee {
      inherited.append(String(cString: entry))
      place += 1
    }
    let settings = inherited + ["MARTLET_KEY=\(key)", "MARTLET_EVENT=\(event)"]
    return withCStrings(words) { words in
      withCStrings(settings) { settings in
        posix_spawn(&child, "/bin/sh", &actions, &attributes, words, settings)
      }
    }
  }

  private func wait(for child: pid_t, until isEnding: () -> Bool) -> String? {
    let end = ContinuousClock.now + .microseconds(limit.microseconds)
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child { return Self.words(of: status) }
      if ended < 0, errno != EINTR { return "it cannot be waited for: \(lastRefusal())" }
      if isEnding() {
        Self.end(child)
        return "it was ended with the process that keeps the schedules"
      }
      if ContinuousClock.now >= end {
        Self.end(child)
        return "it took longer than \(limit)"
      }
      usleep(20_000)
    }
  }

  /// Ends a command and what it began: asks first, so that it can clear up, and does not ask a second time.
  private static func end(_ child: pid_t) {
    var status: Int32 = 0
    kill(-child, SIGTERM)
    for _ in 0..<100 {
      if waitpid(child, &status, WNOHANG) != 0 { break }
      usleep(20_000)
    }
    kill(-child, SIGKILL)
    _ = waitpid(child, &status, 0)
  }

  private static func words(of status: Int32) -> String? {
    let signal = status & 0x7F
    if signal != 0 { return "it was ended by signal \(signal)" }
    let code = status >> 8 & 0xFF
    return code == 0 ? nil : "it exited with \(code)"
  }
}

/// What the system said last.
func lastRefusal() -> String { String(cString: strerror(errno)) }

/// Lends `texts` as C has lists of them.
private func withCStrings<Result>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = texts.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
