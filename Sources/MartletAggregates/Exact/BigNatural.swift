/// A natural number of any size, for the few steps in which a state becomes a value.
///
/// Invariants:
/// - The highest word is not zero; zero has no words.
struct BigNatural: Equatable, Sendable {
  /// The number's words, the lowest first.
  let words: [UInt64]

  /// The number of `words`, the lowest first.
  init(_ words: [UInt64]) {
    var words = words
    while words.last == 0 { words.removeLast() }
    self.words = words
  }

  /// The number of `bytes`, the lowest first.
  init(bytes: [UInt8]) {
    var words = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
    for (index, byte) in bytes.enumerated() {
      words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
    }
    self.init(words)
  }

  var isZero: Bool { words.isEmpty }

  /// The bits up to the highest that is set.
  var bitCount: Int { words.count * 64 - (words.last?.leadingZeroBitCount ?? 0) }

  /// The bits below the lowest that is set; 0 of zero.
  var trailingZeroBitCount: Int {
    guard let index = words.firstIndex(where: { $0 != 0 }) else { return 0 }
    return index * 64 + words[index].trailingZeroBitCount
  }

  /// The bytes, the lowest first, without zeros on top.
  var bytes: [UInt8] {
    (0..<(bitCount + 7) / 8).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64($0 % 8 * 8)) }
  }

  func shiftedLeft(by bits: Int) -> BigNatural {
    if bits == 0 || isZero { return self }
    var shifted = [UInt64](repeating: 0, count: bits / 64)
    let offset = UInt64(bits % 64)
    var carried: UInt64 = 0
    for word in words {
      shifted.append(word << offset | carried)
      carried = offset == 0 ? 0 : word >> (64 - offset)
    }
    shifted.append(carried)
    return BigNatural(shifted)
  }

  func shiftedRight(by bits: Int) -> BigNatural {
    let gone = bits / 64
    if bits == 0 || gone >= words.count { return bits == 0 ? self : BigNatural([]) }
    let offset = UInt64(bits % 64)
    let kept = words[gone...]
    return BigNatural(
      kept.indices.map { index in
        let above = index + 1 < kept.endIndex && offset > 0 ? kept[index + 1] << (64 - offset) : 0
        return kept[index] >> offset | above
      })
  }

  static func * (one: BigNatural, other: BigNatural) -> BigNatural {
    var product = [UInt64](repeating: 0, count: one.words.count + other.words.count)
    for (low, word) in one.words.enumerated() {
      var carry: UInt64 = 0
      for (high, factor) in other.words.enumerated() {
        // A product and two words more still fit two words: (2^64 - 1)^2 + 2 (2^64 - 1) < 2^128.
        let sum =
          UInt128(word) * UInt128(factor) + UInt128(product[low + high]) + UInt128(carry)
        product[low + high] = UInt64(truncatingIfNeeded: sum)
        carry = UInt64(truncatingIfNeeded: sum >> 64)
      }
      product[low + other.words.count] = carry
    }
    return BigNatural(product)
  }

  /// The difference, and whether it is negative.
  static func difference(_ one: BigNatural, _ other: BigNatural) -> (BigNatural, isNegative: Bool) {
    if one < other { return (difference(other, one).0, true) }
    var borrow: UInt64 = 0
    let words = one.words.indices.map { index in
      let taken = index < other.words.count ? other.words[index] : 0
      let (first, isUnder) = one.words[index].subtractingReportingOverflow(taken)
      let (second, isFurtherUnder) = first.subtractingReportingOverflow(borrow)
      borrow = isUnder || isFurtherUnder ? 1 : 0
      return second
    }
    return (BigNatural(words), false)
  }

  /// The quotient by a word, and whether anything remained.
  func divided(by divisor: UInt64) -> (quotient: BigNatural, hasRemainder: Bool) {
    var remainder: UInt64 = 0
    var quotient = words
    for index in words.indices.reversed() {
      (quotient[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
    }
    return (BigNatural(quotient), remainder != 0)
  }
}

extension BigNatural: Comparable {
  static func < (one: BigNatural, other: BigNatural) -> Bool {
    if one.words.count != other.words.count { return one.words.count < other.words.count }
    return one.words.reversed().lexicographicallyPrecedes(other.words.reversed())
  }
}
