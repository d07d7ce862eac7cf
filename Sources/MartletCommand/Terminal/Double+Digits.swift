import Glibc

extension Double {
  /// The number with at most six digits that count, for tables; `--json` has all of them.
  var inSixDigits: String { inDigits(6) }

  /// The number with at most `count` digits that count: 0.0194004, 41.9242, 1.23457e+06.
  func inDigits(_ count: Int) -> String {
    guard isFinite, self != 0 else { return description }
    let step = Double(count - 1)
    guard magnitude >= 1e-4, magnitude < 1e6 else {
      var exponent = Int(log10(magnitude).rounded(.down))
      // In two steps, since ten to the power of 308 and more is no double.
      let lifted = exponent < -300 ? self * 1e20 : self
      let power = pow(10, Double(exponent < -300 ? exponent + 20 : exponent))
      let scale = pow(10, step)
      var mantissa = (lifted / power * scale).rounded() / scale
      if mantissa.magnitude >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      let digits = mantissa == mantissa.rounded() ? "\(Int(mantissa))" : mantissa.description
      let power10 = Int(exponent.magnitude)
      return digits + (exponent < 0 ? "e-" : "e+") + (power10 < 10 ? "0" : "") + "\(power10)"
    }
    let places = step - log10(magnitude).rounded(.down)
    guard places > 0 else { return "\(Int(rounded()))" }
    let scale = pow(10, places)
    return ((self * scale).rounded() / scale).description
  }
}

extension Double {
  /// A share in percent, with one digit behind the point. What is not none is not shown as none, nor
  /// what is not all as all.
  var inTenthsOfPercent: String {
    let tenths = Int((self * 1_000).rounded())
    if tenths == 0, self > 0 { return "<0.1 %" }
    if tenths == 1_000, self < 1 { return ">99.9 %" }
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
