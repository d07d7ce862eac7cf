import Glibc

extension Double {
  /// The number with at most six digits that count, for tables; `--json` has all of them.
  var inSixDigits: String {
    guard isFinite, magnitude >= 1e-4, magnitude < 1e6 else { return description }
    let places = 5 - log10(magnitude).rounded(.down)
    guard places > 0 else { return "\(Int(rounded()))" }
    let scale = pow(10, places)
    return ((self * scale).rounded() / scale).description
  }
}
