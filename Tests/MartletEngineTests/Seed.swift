import Glibc
import Testing

/// Where a random test starts, printed when it fails.
struct Seed: Hashable, Sendable, CustomTestStringConvertible {
  let number: UInt64

  /// The first `count` seeds, or as many as `MARTLET_SEEDS` says; a hundred times as many with
  /// `MARTLET_NIGHTLY` set.
  static func first(_ count: UInt64) -> [Seed] {
    if let asked = getenv("MARTLET_SEEDS").flatMap({ UInt64(String(cString: $0)) }) {
      return (0..<asked).map(Seed.init)
    }
    let scale: UInt64 = getenv("MARTLET_NIGHTLY") == nil ? 1 : 100
    return (0..<count * scale).map(Seed.init)
  }

  /// Random numbers that are the same for the same seed.
  func generator() -> SeededGenerator { SeededGenerator(state: number) }

  var testDescription: String { "seed \(number)" }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator, Sendable {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
