extension Double {
  /// The double nearest to `magnitude` times two to the `exponent`, and a trace more where
  /// `isInexact`: half way goes to the even neighbour, too far goes to infinity.
  init(rounding magnitude: BigNatural, exponent: Int, isInexact: Bool = false) {
    guard !magnitude.isZero else {
      self = 0
      return
    }
    // The lowest bit that a double of this size keeps; nothing lies below 2^-1074.
    let top = magnitude.bitCount + exponent
    let lowest = max(top - 53, -1_074)
    let dropped = lowest - exponent
    var kept: UInt64
    if dropped <= 0 {
      kept = magnitude.shiftedLeft(by: -dropped).words[0]
      // A trace under a half never decides: the caller sees to bits enough (see `isInexact`).
    } else {
      kept = magnitude.shiftedRight(by: dropped).words.first ?? 0
      let half = magnitude.shiftedRight(by: dropped - 1).words.first.map { $0 & 1 == 1 } ?? false
      let isBeyondHalf = isInexact || magnitude.trailingZeroBitCount < dropped - 1
      if half && (isBeyondHalf || kept & 1 == 1) { kept += 1 }
    }
    // Rounding up may have made the mantissa 2^53, which is as good a number.
    self = Double(sign: .plus, exponent: 0, significand: Double(kept)).scaled(by: lowest)
  }

  /// Times two to the `exponent`, where that is exact or too large.
  private func scaled(by exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: self)
  }
}

extension Double {
  /// The double nearest to `magnitude` times two to the `scale`, and a trace more where `isInexact`;
  /// `nil` where it is not in the range of normal doubles, which the long way knows how to round.
  init?(rounding magnitude: UInt128, scale: Int, isInexact: Bool = false) {
    // The 64 bits on top, the lowest of them set if anything lies below: the processor rounds these
    // as it would have rounded all.
    let dropped = max(0, 64 - magnitude.leadingZeroBitCount)
    let below = magnitude & ((1 << UInt128(dropped)) - 1)
    let isTrace = isInexact || below != 0
    let top = UInt64(truncatingIfNeeded: magnitude >> UInt128(dropped)) | (isTrace ? 1 : 0)
    let exponent = scale + dropped
    guard -1_022...959 ~= exponent, dropped > 0 || !isInexact else { return nil }
    self = Double(top) * Double(bitPattern: UInt64(exponent + 1_023) << 52)
  }
}

extension CanonicalNumber {
  /// The nearest double.
  var rounded: Double {
    let magnitude = Double(rounding: magnitude, exponent: exponent)
    return isNegative ? -magnitude : magnitude
  }

  /// The double nearest to this number divided by all of `divisors`, each at least 1.
  func divided(by divisors: [UInt64]) -> Double {
    // 64 bits more than the divisors take leave the quotient more bits than a double has; what is
    // dropped of it can only be a trace.
    let room = 64 * (divisors.count + 1)
    var quotient = self.magnitude.shiftedLeft(by: room)
    var isInexact = false
    for divisor in divisors {
      let (part, hasRemainder) = quotient.divided(by: divisor)
      quotient = part
      isInexact = isInexact || hasRemainder
    }
    let value = Double(rounding: quotient, exponent: exponent - room, isInexact: isInexact)
    return isNegative ? -value : value
  }
}
