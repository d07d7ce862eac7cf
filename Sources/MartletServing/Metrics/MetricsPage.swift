/// A page in Prometheus's text format under construction.
struct MetricsPage {
  private(set) var text = ""
  private var metric = ""

  /// Begins a metric; `about` is its help line.
  mutating func begin(_ name: String, _ kind: String, _ about: String) {
    metric = name
    text += "# HELP \(name) \(Self.escaped(about, quotes: false))\n# TYPE \(name) \(kind)\n"
  }

  mutating func add(_ labels: [(String, String)], _ value: String, suffix: String = "") {
    text += metric + suffix
    if !labels.isEmpty {
      let parts = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }
      text += "{\(parts.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  mutating func add(_ histogram: Histogram, _ labels: [(String, String)]) {
    let (buckets, seconds) = histogram.reading
    var total: UInt64 = 0
    for (bound, count) in zip(Histogram.bounds, buckets) {
      total += count
      add(labels + [("le", "\(Double(bound) / 1e9)")], "\(total)", suffix: "_bucket")
    }
    total += buckets.last ?? 0
    add(labels + [("le", "+Inf")], "\(total)", suffix: "_bucket")
    add(labels, "\(seconds)", suffix: "_sum")
    add(labels, "\(total)", suffix: "_count")
  }

  /// Adds the store's own, those of one metric together.
  mutating func add(_ gauges: [Gauge]) {
    var names: [String] = []
    for gauge in gauges where !names.contains(gauge.name) { names.append(gauge.name) }
    for name in names {
      let same = gauges.filter { $0.name == name }
      begin(name, "gauge", same.first?.about ?? "")
      for gauge in same { add(gauge.labels.map { ($0.name, $0.value) }, "\(gauge.value)") }
    }
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
