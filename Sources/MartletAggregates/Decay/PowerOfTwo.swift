/// 2^x in whole numbers alone, because `exp2` differs from one C library to the next.
enum PowerOfTwo {
  /// 2^(2^−i) for i of 1 to 32, with 63 bits of fraction: each the square root of the one before.
  private static let roots: [UInt64] = {
    var root: UInt128 = 1 << 64  // 2^1
    return (1...32).map { _ in
      root = squareRoot(root << 63)
      return UInt64(root)
    }
  }()

  /// 2^(part / 2^64), between 1 and 2, with 63 bits of fraction; its relative error is under 2^−56.
  ///
  /// The upper half of the bits choose roots to multiply. What the lower half add, x < 2^−32, is
  /// x · ln 2 but for less than 2^−65.
  static func fraction(_ part: UInt64) -> UInt64 {
    let lower = UInt128(part & 0xFFFF_FFFF)
    let naturalLogOf2: UInt128 = 0xB172_17F7_D1CF_79AB  // · 2^−64
    var power = UInt64(1) << 63 + UInt64((lower * naturalLogOf2) >> 65)
    var bits = part
    for root in roots {
      if bits >> 63 == 1 { power = UInt64((UInt128(power) * UInt128(root)) >> 63) }
      bits <<= 1
    }
    return power
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
