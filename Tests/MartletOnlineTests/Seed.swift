import Glibc
import MartletOnline
import Testing

/// Where a random test starts, printed when it fails.
struct Seed: Hashable, Sendable, CustomTestStringConvertible {
  let number: UInt64

  /// The first `count` seeds; a hundred times as many with `MARTLET_NIGHTLY` set.
  static func first(_ count: UInt64) -> [Seed] {
    let scale: UInt64 = getenv("MARTLET_NIGHTLY") == nil ? 1 : 100
    return (0..<count * scale).map(Seed.init)
  }

  /// Random numbers that are the same for the same seed.
  func generator() -> ReplayNumbers { ReplayNumbers(seed: number) }

  var testDescription: String { "seed \(number)" }
}
