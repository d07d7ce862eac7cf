import Glibc
import MartletServing
import ServedExample

/// Serves the example until it is told to end: `serve-example HOST:PORT [LOOPS] [waits]`.
@main
enum Main {
  static func main() {
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] { sigaddset(&watched, number) }
    pthread_sigmask(SIG_BLOCK, &watched, nil)

    let words = Array(CommandLine.arguments.dropFirst())
    var settings = ServerSettings()
    if words.count > 1 { settings.loopCount = Int(words[1]) }
    guard let address = ListenAddress(words.first ?? "127.0.0.1:0") else { exit(2) }
    do {
      let server = try Server(
        answeringFrom: ExampleStore(waits: words.contains("waits")), at: address,
        settings: settings)
      print(server.address)
      fflush(nil)
      var number: Int32 = 0
      sigwait(&watched, &number)
      server.drain(seconds: 5)
      server.wait()
    } catch {
      print(error)
      exit(3)
    }
  }
}
