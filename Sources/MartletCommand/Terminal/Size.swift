extension Int {
  /// A number of bytes as people say it: `812 B`, `12.4 MB`.
  var asSize: String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    var (value, unit) = (Double(self), 0)
    while value >= 999.95, unit + 1 < units.count {
      value /= 1_000
      unit += 1
    }
    return unit == 0 ? "\(self) B" : "\(value.shortened) \(units[unit])"
  }
}

extension Double {
  /// The number with a digit behind the point.
  var shortened: String {
    guard isFinite, magnitude < 1e15 else { return "\(self)" }
    let tenths = Int64((self * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }
}
