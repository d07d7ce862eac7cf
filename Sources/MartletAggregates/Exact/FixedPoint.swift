/// An exact number: a whole multiple of a power of two, of any size.
///
/// Adding and taking away lose nothing, so neither order nor history can be seen in the result. The
/// usual number fits one 128-bit word whose lowest bit is worth two to the `scale`:
///
///     narrow   bit 127 · · · · · · · · · · · · bit 0
///                sign                           2 ^ scale
///
/// A sum of amounts of money between a cent and a million takes some hundred bits. What does not fit
/// moves to `WideNumber`, for good; both say the same of themselves in `canonical`.
struct FixedPoint: Sendable {
  // Changed here and beside `add(near:)` only.
  var narrow: Int128
  private(set) var scale: Int32
  private(set) var wide: WideNumber?

  /// Zero.
  init() {
    narrow = 0
    scale = 0
  }

  /// A whole number.
  init(_ number: Int128) {
    narrow = number
    scale = 0
  }

  /// `number` times two to the `scale`.
  init(_ number: Int128, scale: Int) {
    narrow = number
    self.scale = Int32(truncatingIfNeeded: scale)
  }

  /// The number that `canonical` describes.
  init(_ canonical: CanonicalNumber) {
    self.init()
    let words = canonical.magnitude.words
    if words.count <= 2 {
      let magnitude = UInt128(words.first ?? 0) | UInt128(words.count > 1 ? words[1] : 0) << 64
      if let number = Int128(exactly: magnitude) {
        narrow = canonical.isNegative ? -number : number
        scale = Int32(truncatingIfNeeded: canonical.exponent)
        return
      }
    }
    wide = WideNumber(canonical)
  }

  /// Adds `mantissa` times two to the `exponent`.
  ///
  /// The mantissa must be under 2^106 either way: what a double has, or its square.
  @inline(__always)
  mutating func add(_ mantissa: Int128, exponent: Int) {
    // Doubles of one column have exponents close together, so that this is the path of nearly all.
    let shift = exponent &- Int(scale)
    if wide == nil, UInt(bitPattern: shift) <= 20 {
      let (sum, overflow) = narrow.addingReportingOverflow(mantissa &<< Int128(shift))
      if !overflow {
        narrow = sum
        return
      }
    }
    addElsewhere(mantissa, exponent: exponent)
  }

  /// Adds `mantissa` times two to the `exponent`, as a double has them: the mantissa under 2^53.
  @inline(__always)
  mutating func add(_ mantissa: Int64, exponent: Int) {
    let shift = exponent &- Int(scale)
    if wide == nil, UInt(bitPattern: shift) <= 72 {
      let (sum, overflow) = narrow.addingReportingOverflow(Int128(mantissa) &<< Int128(shift))
      if !overflow {
        narrow = sum
        return
      }
    }
    addElsewhere(Int128(mantissa), exponent: exponent)
  }

  @inline(never)
  private mutating func addElsewhere(_ mantissa: Int128, exponent: Int) {
    if mantissa == 0 { return }
    if wide == nil, addRescaled(mantissa, exponent: exponent) { return }
    widen()
    wide?.add(mantissa, exponent: exponent)
  }

  /// Adds after moving to a scale that suits both; says `false`, and does nothing, if none does.
  private mutating func addRescaled(_ mantissa: Int128, exponent: Int) -> Bool {
    if narrow == 0 {
      // Room below for smaller values to come, and far more above for the sum.
      let room = max(0, min(16, 126 - mantissa.significantBits))
      narrow = mantissa << Int128(room)
      scale = Int32(truncatingIfNeeded: exponent - room)
      return true
    }
    let shift = exponent - Int(scale)
    if shift >= 0 {
      guard mantissa.significantBits + shift <= 126 else { return false }
      let (sum, overflow) = narrow.addingReportingOverflow(mantissa << Int128(shift))
      guard !overflow else { return false }
      narrow = sum
      return true
    }
    let lowering = min(-shift + 8, max(-shift, 100 - narrow.significantBits))
    guard narrow.significantBits + lowering <= 126 else { return false }
    guard mantissa.significantBits + lowering + shift <= 126 else { return false }
    let (sum, overflow) = (narrow << Int128(lowering))
      .addingReportingOverflow(mantissa << Int128(lowering + shift))
    guard !overflow else { return false }
    narrow = sum
    scale -= Int32(truncatingIfNeeded: lowering)
    return true
  }

  private mutating func widen() {
    guard wide == nil else { return }
    wide = WideNumber(canonical)
    narrow = 0
    scale = 0
  }

  /// Adds another number.
  mutating func add(_ other: FixedPoint) { join(other, negating: false) }

  /// Takes another number away.
  mutating func subtract(_ other: FixedPoint) { join(other, negating: true) }

  private mutating func join(_ other: FixedPoint, negating: Bool) {
    if wide == nil, other.wide == nil {
      if other.narrow == 0 { return }
      if other.narrow != .min {
        let number = negating ? -other.narrow : other.narrow
        if addRescaled(number, exponent: Int(other.scale)) { return }
      }
    }
    widen()
    wide?.add(other.wide ?? WideNumber(other.canonical), negating: negating)
  }

  /// The number, written in the one way there is.
  var canonical: CanonicalNumber {
    if let wide { return wide.canonical }
    let magnitude = narrow.magnitude
    return CanonicalNumber(
      isNegative: narrow < 0,
      magnitude: BigNatural([
        UInt64(truncatingIfNeeded: magnitude), UInt64(truncatingIfNeeded: magnitude >> 64),
      ]),
      exponent: Int(scale))
  }
}

extension FixedPoint {
  /// The nearest double.
  var rounded: Double {
    if wide == nil, let near = Double(rounding: narrow.magnitude, scale: Int(scale)) {
      return narrow < 0 ? -near : near
    }
    return canonical.rounded
  }

  /// The double nearest to the number divided by `divisor`, which is at least 1.
  func rounded(dividedBy divisor: UInt64) -> Double {
    if wide == nil, narrow != 0 {
      // Moved up as far as it goes, so that the quotient has at least 64 bits.
      let room = narrow.magnitude.leadingZeroBitCount
      let (quotient, remainder) = (narrow.magnitude << UInt128(room))
        .quotientAndRemainder(dividingBy: UInt128(divisor))
      let near = Double(
        rounding: quotient, scale: Int(scale) - room, isInexact: remainder != 0)
      if let near { return narrow < 0 ? -near : near }
    }
    return canonical.divided(by: [divisor])
  }
}

extension FixedPoint: Equatable {
  static func == (one: FixedPoint, other: FixedPoint) -> Bool {
    one.canonical == other.canonical
  }
}

extension Int128 {
  /// The bits that the magnitude takes.
  fileprivate var significantBits: Int { 128 - magnitude.leadingZeroBitCount }
}
