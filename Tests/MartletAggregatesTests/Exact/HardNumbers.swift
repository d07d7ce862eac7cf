import SeededRandom

/// Doubles that sums get wrong: far apart, nearly cancelling, at the ends of the range.
struct HardNumbers {
  var random: SeededGenerator

  /// One manner after the other, seed by seed, so that none is left out by chance.
  private let manner: UInt64

  init(_ seed: Seed) {
    random = seed.generator()
    manner = seed.number % 8
  }

  /// `count` doubles of the seed's manner.
  mutating func doubles(_ count: Int) -> [Double] {
    var numbers = (0..<count).map { _ in number() }
    if manner == 7 {
      // Each beside its opposite, in any order: only the odd one out remains.
      numbers = (numbers + numbers.map { -$0 } + [0x1p-1074]).shuffled(using: &random)
    }
    return numbers
  }

  private mutating func number() -> Double {
    let sign = Bool.random(using: &random) ? 1.0 : -1.0
    switch manner {
    case 0:  // money
      return Double(Int.random(in: 0..<10_000_000, using: &random)) / 100
    case 1:  // any bits at all, infinities and NaNs among them
      if Int.random(in: 0..<6, using: &random) == 0 {
        return [.infinity, -.infinity, .nan].randomElement(using: &random) ?? .nan
      }
      return Double(bitPattern: random.next())
    case 2:  // subnormals
      return sign * Double(bitPattern: random.next() % 0x0020_0000_0000_0000)
    case 3:  // the largest
      return sign * Double.greatestFiniteMagnitude / Double(Int.random(in: 1...4, using: &random))
    case 4:  // half way between two neighbours
      return sign * [1, 0x1p-53, 0x1p-54, 0x1p53, 0x1p-106, 3 * 0x1p-53].randomElement(
        using: &random)!
    case 5:  // 1e308 with 1e-308
      return sign * [1e308, 1e-308, 1, 1e16, 1e-16].randomElement(using: &random)!
    case 6:  // small whole numbers
      return Double(Int.random(in: -5...5, using: &random))
    default:
      return sign * Double.random(in: 0..<1, using: &random)
        * Double(sign: .plus, exponent: Int.random(in: -300...300, using: &random), significand: 1)
    }
  }
}
