import Glibc
import MartletRegistry
import MartletServing

/// Keeps a server's tokens as the registry has them, a few times a second, on a thread of its own: whoever
/// loads a large set meanwhile must not keep a revoked token open.
enum TokensWatch {
  private static let pauseInMicroseconds: UInt32 = 300_000

  /// Watches until the program is asked to end. Where the registry cannot be read, the tokens stay as
  /// they were, and that is said once.
  static func start(
    _ tokens: RegistryTokens, ofRegistryAt path: String, _ talk: Talk, _ interruption: Interruption
  ) {
    startThread {
      var lastTrouble = ""
      while !interruption.isRequested {
        do throws(RegistryError) {
          try watch(tokens, try Registry(at: path), interruption)
        } catch {
          if "\(error)" != lastTrouble { talk.say("tokens stay as they were: \(error)") }
          lastTrouble = "\(error)"
        }
        usleep(pauseInMicroseconds)
      }
    }
  }

  /// Reads the tokens again and again, until that cannot be done or the program is to end.
  private static func watch(
    _ tokens: RegistryTokens, _ registry: Registry, _ interruption: Interruption
  ) throws(RegistryError) {
    while !interruption.isRequested {
      try tokens.update(from: registry)
      usleep(pauseInMicroseconds)
    }
  }
}
