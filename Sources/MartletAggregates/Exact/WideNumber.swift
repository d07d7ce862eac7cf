/// An exact number of any size: limbs of 32 bits, each in a word of 64.
///
///     limbs     [0]          [1]          [2]        …
///     worth     2^(32·lowest), and 2^32 more from each to the next
///
/// A limb holds more than 32 bits, of either sign, while carries wait: a carry is due only every
/// 2^30 additions, since each adds less than 2^32 to a limb.
struct WideNumber: Sendable {
  private var limbs: [Int64]
  private var lowest: Int
  /// Never less than the additions since carries were settled.
  var additionsSinceCarry = 0

  static let mostAdditions = 1 << 30

  /// The number that `canonical` describes.
  init(_ canonical: CanonicalNumber) {
    limbs = []
    lowest = 0
    var exponent = canonical.exponent
    for word in canonical.magnitude.words {
      let number = Int128(word)
      add(canonical.isNegative ? -number : number, exponent: exponent)
      exponent += 64
    }
  }

  /// Adds `mantissa` times two to the `exponent`. The mantissa is under 2^127 either way.
  mutating func add(_ mantissa: Int128, exponent: Int) {
    guard mantissa != 0 else { return }
    let first = exponent >> 5
    let offset = UInt64(exponent & 31)
    var pieces = mantissa.magnitude
    // Up to 127 bits, moved up by as many as 31, lie in five limbs.
    prepareToAdd(first..<first + 5)
    var index = first - lowest
    let sign: Int64 = mantissa < 0 ? -1 : 1
    let low = UInt64(truncatingIfNeeded: pieces) & (0xffff_ffff &>> offset)
    limbs[index] &+= sign &* Int64(low &<< offset)
    pieces &>>= UInt128(32 &- offset)
    while pieces != 0 {
      index += 1
      limbs[index] &+= sign &* Int64(UInt64(truncatingIfNeeded: pieces) & 0xffff_ffff)
      pieces &>>= 32
    }
  }

  /// Adds another number, or takes it away.
  mutating func add(_ other: WideNumber, negating: Bool) {
    guard !other.limbs.isEmpty else { return }
    var other = other
    other.settle()
    prepareToAdd(other.lowest..<other.lowest + other.limbs.count)
    for (index, limb) in other.limbs.enumerated() {
      limbs[other.lowest + index - lowest] &+= negating ? -limb : limb
    }
  }

  /// Makes room for an addition to each limb of `range`.
  private mutating func prepareToAdd(_ range: Range<Int>) {
    // Settling drops empty limbs from the top, so it comes before there is room for the new ones.
    if additionsSinceCarry >= Self.mostAdditions { settle() }
    additionsSinceCarry += 1
    if limbs.isEmpty { lowest = range.lowerBound }
    if range.lowerBound < lowest {
      limbs.insert(contentsOf: repeatElement(0, count: lowest - range.lowerBound), at: 0)
      lowest = range.lowerBound
    }
    let end = lowest + limbs.count
    if range.upperBound > end {
      // What the top limb holds beyond its 32 bits is carried into the new ones when it is due.
      limbs.append(contentsOf: repeatElement(0, count: range.upperBound - end))
    }
  }

  /// Carries: every limb but the top one in 0 ..< 2^32, and the top one small, with the sign.
  private mutating func settle() {
    var carry: Int64 = 0
    for index in limbs.indices {
      let sum = limbs[index] &+ carry
      limbs[index] = sum & 0xffff_ffff
      carry = sum &>> 32
    }
    // Less than 2^31 of either sign is left: it makes a top limb of its own.
    if carry != 0 { limbs.append(carry) }
    // A top limb of -1 over one that is all ones is worth -1 there.
    while let top = limbs.last {
      if top == 0 {
        limbs.removeLast()
      } else if top == -1, limbs.dropLast().last == 0xffff_ffff {
        limbs.removeLast()
        limbs[limbs.count - 1] = -1
      } else {
        break
      }
    }
    additionsSinceCarry = 0
  }

  /// The number, written in the one way there is.
  var canonical: CanonicalNumber {
    var settled = self
    settled.settle()
    let isNegative = (settled.limbs.last ?? 0) < 0
    if isNegative {
      for index in settled.limbs.indices { settled.limbs[index] = -settled.limbs[index] }
      settled.settle()
    }
    var words = [UInt64](repeating: 0, count: (settled.limbs.count + 1) / 2)
    for (index, limb) in settled.limbs.enumerated() {
      words[index / 2] |= UInt64(bitPattern: limb) &<< UInt64(index % 2 * 32)
    }
    return CanonicalNumber(
      isNegative: isNegative, magnitude: BigNatural(words), exponent: lowest * 32)
  }
}
