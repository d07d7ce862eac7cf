import Glibc
import Martlet
import MartletColumns

/// Writes a server's lookups to their files, on a thread of its own.
enum LookupWriter {
  private static let pauseInMicroseconds: UInt32 = 500_000

  /// Writes until the program is asked to end. What cannot be written is said once, and is lost: serving
  /// goes on.
  static func start(_ lookups: LookupLog, _ talk: Talk, _ interruption: Interruption) {
    startThread {
      var lastTrouble = ""
      while !interruption.isRequested {
        usleep(pauseInMicroseconds)
        do {
          let surplus = try lookups.flush(.whatIsDue(at: .now))
          if surplus > 0 { talk.say("\(count(surplus, "lookup")) found no room and are not kept") }
          lastTrouble = ""
        } catch {
          if "\(error)" != lastTrouble { talk.say("lookups are not kept: \(error)") }
          lastTrouble = "\(error)"
        }
      }
    }
  }
}
