/// A double as the whole number times a power of two that it is.
struct DoubleParts {
  /// Under 2^53 either way.
  let mantissa: Int64
  let exponent: Int
  /// An infinity or a NaN, which has no parts.
  let isSpecial: Bool

  @inline(__always)
  init(_ number: Double) {
    let bits = number.bitPattern
    let biased = Int(truncatingIfNeeded: bits &>> 52) & 0x7ff
    let fraction = Int64(truncatingIfNeeded: bits & 0x000f_ffff_ffff_ffff)
    // Subnormals lack the leading one, and have the exponent of the smallest normal numbers.
    let leading: Int64 = biased == 0 ? 0 : 1 &<< 52
    let sign = Int64(bitPattern: bits) &>> 63
    mantissa = ((fraction | leading) ^ sign) &- sign
    exponent = max(biased, 1) &- 1_075
    isSpecial = biased == 0x7ff
  }
}
