/// 2^x in whole numbers alone, because `exp2` differs from one C library to the next.
enum PowerOfTwo {
  /// 2^(byte · 2^−8), 2^(byte · 2^−16) and so on down to 2^−32, 256 of each, with 63 bits of fraction.
  private static let powers: [UInt64] = {
    // 2^(2^−i) for i of 1 to 32: each the square root of the one before.
    var root: UInt128 = 1 << 64  // 2^1
    let roots = (1...32).map { _ in
      root = squareRoot(root << 63)
      return UInt64(root)
    }
    return (0..<4).flatMap { group in
      (0..<256).map { byte in
        var power: UInt64 = 1 << 63
        for bit in 0..<8 where byte << bit & 0x80 != 0 {
          power = product(power, roots[8 * group + bit])
        }
        return power
      }
    }
  }()

  /// 2^(part / 2^64), between 1 and 2, with 63 bits of fraction; its relative error is under 2^−56.
  ///
  /// Each byte of the upper half chooses a power to multiply. What the lower half adds, x < 2^−32,
  /// is x · ln 2 but for less than 2^−65. States hold these bits: they never change.
  static func fraction(_ part: UInt64) -> UInt64 {
    let lower = UInt128(part & 0xFFFF_FFFF)
    let naturalLogOf2: UInt128 = 0xB172_17F7_D1CF_79AB  // · 2^−64
    var power = UInt64(1) << 63 + UInt64((lower * naturalLogOf2) >> 65)
    let powers = powers
    for group in 0..<4 {
      let byte = Int(part >> UInt64(56 - 8 * group) & 0xFF)
      power = product(power, powers[256 * group + byte])
    }
    return power
  }

  /// The product of two numbers with 63 bits of fraction, itself under 2.
  private static func product(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let (high, low) = one.multipliedFullWidth(by: other)
    return high << 1 | low >> 63
  }

  /// The largest number whose square is at most `square`, found bit by bit.
  private static func squareRoot(_ square: UInt128) -> UInt128 {
    var root: UInt128 = 0
    var bit: UInt128 = 1 << 63
    while bit > 0 {
      let (candidate, overflow) = (root | bit).multipliedReportingOverflow(by: root | bit)
      if !overflow, candidate <= square { root |= bit }
      bit >>= 1
    }
    return root
  }
}
