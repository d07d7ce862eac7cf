/// How far a job is, and when to say so; it holds no clock, so tests need no time.
///
///     reading orders.parquet: 42%, 4.21M of 10.0M rows, 1.30M rows/s, 4 s left
///
/// A job that ends within half a second says nothing at all.
struct ProgressMeter: Sendable {
  /// "reading orders.parquet"
  var work: String
  /// What is counted: "rows".
  var unit: String
  /// How many there will be, when that is known.
  var total: Int?
  var style: ProgressStyle

  private var started: Int64
  private var lastShown: Int64?
  private var isPainted = false
  /// What was done when, over the last `memory` nanoseconds; never empty.
  private var samples: [Sample]

  private struct Sample {
    var nanoseconds: Int64
    var done: Int
  }

  private static let quiet: Int64 = 500_000_000
  private static let heartbeat: Int64 = 30_000_000_000
  /// The rate is that of the last ten seconds: older speed says little about what is left.
  private static let memory: Int64 = 10_000_000_000

  /// What the shell around the meter must do.
  enum Effect: Equatable, Sendable {
    case nothing
    /// Replace the line at the cursor.
    case paint(String)
    /// Write a line that stays.
    case line(String)
    /// Clear the line at the cursor.
    case clear
  }

  init(
    _ work: String, unit: String, total: Int?, style: ProgressStyle, startingAt nanoseconds: Int64
  ) {
    self.work = work
    self.unit = unit
    self.total = total
    self.style = style
    started = nanoseconds
    samples = [Sample(nanoseconds: nanoseconds, done: 0)]
  }

  /// Some time has passed, and `done` of the total are done.
  mutating func tick(done: Int, at nanoseconds: Int64) -> Effect {
    samples.append(Sample(nanoseconds: nanoseconds, done: done))
    while samples.count > 2, samples[1].nanoseconds <= nanoseconds - Self.memory {
      samples.removeFirst()
    }
    switch style {
    case .silent:
      return .nothing
    case .painted(let columns):
      guard nanoseconds - started >= Self.quiet else { return .nothing }
      isPainted = true
      return .paint(cut(described(done), toColumns: columns - 1))
    case .heartbeat:
      guard nanoseconds - (lastShown ?? started) >= Self.heartbeat else { return .nothing }
      lastShown = nanoseconds
      return .line(described(done))
    }
  }

  /// The work has ended, well or not.
  mutating func end() -> Effect {
    guard isPainted else { return .nothing }
    isPainted = false
    return .clear
  }

  /// The line for `done`, as it is known now.
  func described(_ done: Int) -> String {
    var parts: [String] = []
    if let total, total > 0 {
      parts.append("\(min(100, Int(100.0 * Double(done) / Double(total))))%")
      parts.append("\(abbreviated(done)) of \(abbreviated(total)) \(unit)")
    } else {
      parts.append("\(abbreviated(done)) \(unit)")
    }
    if let rate = ratePerSecond {
      parts.append("\(abbreviated(Int(rate.rounded()))) \(unit)/s")
      if let total, total > done {
        parts.append("\(spokenSeconds((Double(total - done) / rate).rounded(.up))) left")
      }
    }
    return "\(work): \(parts.joined(separator: ", "))"
  }

  /// How many a second, once something has moved.
  private var ratePerSecond: Double? {
    let oldest = samples[0]
    let newest = samples[samples.count - 1]
    let seconds = Double(newest.nanoseconds - oldest.nanoseconds) / 1e9
    let moved = Double(newest.done - oldest.done)
    return seconds > 0 && moved > 0 ? moved / seconds : nil
  }
}

/// How progress is shown.
enum ProgressStyle: Equatable, Sendable {
  case silent
  /// One line at the cursor, painted over and over.
  case painted(columns: Int)
  /// A line every 30 seconds, so that a log shows the job is alive.
  case heartbeat
}

/// `count` in three digits: `950`, `4.21M`, `10.0M`.
func abbreviated(_ count: Int) -> String {
  var scaled = Double(count)
  var letter = ""
  for next in ["k", "M", "G", "T"] where abs(scaled) >= 999.5 {
    scaled /= 1_000
    letter = next
  }
  guard !letter.isEmpty else { return "\(count)" }
  let decimals = abs(scaled) < 9.995 ? 2 : abs(scaled) < 99.95 ? 1 : 0
  return fixed(scaled, decimals: decimals) + letter
}

/// `number` with exactly so many decimals.
private func fixed(_ number: Double, decimals: Int) -> String {
  var scale = 1
  for _ in 0..<decimals { scale *= 10 }
  let whole = Int((number * Double(scale)).rounded())
  guard decimals > 0 else { return "\(whole)" }
  let digits = "\(whole.magnitude % scale.magnitude)"
  let padding = String(repeating: "0", count: decimals - digits.count)
  return "\(whole < 0 ? "-" : "")\(whole.magnitude / scale.magnitude).\(padding)\(digits)"
}

/// `4 s`, `2 min 5 s`, `3 h 12 min`.
private func spokenSeconds(_ seconds: Double) -> String {
  guard seconds < 360_000 else { return "days" }
  let whole = Int(seconds)
  if whole < 60 { return "\(whole) s" }
  if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3_600) h \(whole / 60 % 60) min"
}
