import Glibc
import MartletOffline
import Testing

@testable import MartletCommand

struct InterruptionTests {
  @Test func `work that is interrupted exits with 130 and leaves no file`() throws {
    let folder = try temporaryFolder()
    let interruption = Interruption()
    let exit = run(interruption) { invocation in
      let file = try OutputFile(at: "\(folder)/result.txt")
      invocation.interruption.request()  // as the first Ctrl-C does
      try invocation.interruption.check()
      try file.commit()
      return .done
    }
    #expect(exit == .interrupted)
    #expect(rmdir(folder) == 0, "the folder is not empty")
  }

  @Test func `work that is done before it looks is done`() {
    let interruption = Interruption()
    interruption.request()
    #expect(run(interruption) { _ in .done } == .done)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `the first signal asks, the second ends at once`(number: Int32) throws {
    try withFullPipe { pipe in
      let program = try RunningProgram(builtFolder() + "/martlet", ["version"], output: pipe)
      try program.wait { signals(in: $0["SigBlk"]) & bit(number) != 0 }

      program.signal(number)
      try program.wait { signals(in: $0["ShdPnd"]) & bit(number) == 0 }
      #expect(program.isRunning)

      program.signal(number)
      #expect(try program.end().exit == 130)
    }
  }

  @Test func `a signal that the parent ignores stays ignored`() throws {
    try withFullPipe { pipe in
      let script = "trap '' HUP; exec \"$0\" version > \"$1\""
      let program = try RunningProgram("bash", ["-c", script, builtFolder() + "/martlet", pipe])
      try program.wait { signals(in: $0["SigBlk"]) & bit(SIGINT) != 0 }
      for _ in 1...2 {
        program.signal(SIGHUP)
        try program.wait { signals(in: $0["ShdPnd"]) & bit(SIGHUP) == 0 }
      }
      #expect(program.isRunning)

      program.signal(SIGINT)
      try program.wait { signals(in: $0["ShdPnd"]) & bit(SIGINT) == 0 }
      program.signal(SIGINT)
      #expect(try program.end().exit == 130)
    }
  }

  /// Runs a command that does `work`.
  private func run(
    _ interruption: Interruption, _ work: @escaping @Sendable (Invocation) throws -> ExitCode
  ) -> ExitCode {
    let program = Program(
      root: Command("job", "Work.", commands: [Command("work", "Work.", examples: [], run: work)]),
      environment: Environment([:]), terminal: .none, output: .standardOutput,
      talk: .standardError, interruption: interruption)
    return program.run(["work"])
  }

  /// A signal's place in a set.
  private func bit(_ number: Int32) -> UInt64 { 1 << UInt64(number - 1) }

  /// The set in a line of hexadecimal digits.
  private func signals(in digits: Substring?) -> UInt64 { UInt64(digits ?? "", radix: 16) ?? 0 }
}

/// Calls `body` with the path of a pipe into which not one byte more goes, so that whoever writes
/// there stands still.
private func withFullPipe(_ body: (String) throws -> Void) throws {
  let folder = try temporaryFolder()
  let path = folder + "/pipe"
  try #require(mkfifo(path, 0o600) == 0)
  let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
  try #require(descriptor >= 0)
  defer {
    close(descriptor)
    unlink(path)
    rmdir(folder)
  }
  let piece = [UInt8](repeating: 0, count: 4096)
  while Glibc.write(descriptor, piece, piece.count) > 0 {}
  while Glibc.write(descriptor, piece, 1) > 0 {}
  try body(path)
}
