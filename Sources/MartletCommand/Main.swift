import Glibc
import MartletOffline

@main
enum Main {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    // A server's threads allocate a little, all the time, and beside each other.
    if !words.contains("serve") { Allocator.shareOneArena() }
    openStandardStreams()
    let interruption = Interruption()
    SignalWatch.start(interruption)
    let program = Program(
      root: .martlet, environment: .ofProcess, terminal: .ofProcess(.ofProcess),
      output: .standardOutput, talk: .standardError, interruption: interruption)
    exit(program.run(words).rawValue)
  }

  /// Fills the places of standard streams that the parent closed, so that no file of ours gets
  /// their number and our talk.
  private static func openStandardStreams() {
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(number, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is the closed one's, since those below it are open by now.
      _ = open("/dev/null", O_RDWR)
    }
  }
}
