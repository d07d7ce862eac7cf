import Glibc

/// Where a random test starts, printed when it fails.
public struct Seed: Hashable, Sendable, CustomStringConvertible {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }

  /// The first `count` seeds, or as many as `MARTLET_SEEDS` says; a hundred times as many with
  /// `MARTLET_NIGHTLY` set.
  public static func first(_ count: UInt64) -> [Seed] {
    if let asked = getenv("MARTLET_SEEDS").flatMap({ UInt64(String(cString: $0)) }) {
      return (0..<asked).map(Seed.init)
    }
    let scale: UInt64 = getenv("MARTLET_NIGHTLY") == nil ? 1 : 100
    return (0..<count * scale).map(Seed.init)
  }

  /// Random numbers that are the same for the same seed.
  public func generator() -> SeededGenerator { SeededGenerator(number) }

  public var description: String { "seed \(number)" }
}
