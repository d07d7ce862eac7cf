/// What a race showed: every lap of every contestant, all with the right answer.
public struct Outcome: Sendable {
  /// One way of doing it, and how long each of its turns took.
  struct Contestant: Sendable {
    let name: String
    let isPacemaker: Bool
    let laps: [Lap]

    /// The least CPU time any turn took, all threads together, in nanoseconds.
    ///
    /// Noise only ever adds, so the least is the nearest to the truth.
    var best: Int64 { laps.map(\.process).min() ?? 0 }
  }

  let workload: String
  let unit: String
  let count: Int
  let contestants: [Contestant]
}

extension Outcome: CustomStringConvertible {
  /// A small table: CPU nanoseconds for one unit, and how the first contestant compares.
  public var description: String {
    let first = contestants.first?.best ?? 0
    let width = contestants.map(\.name.count).max() ?? 0
    let rows = contestants.map { contestant in
      let name = contestant.name + String(repeating: " ", count: width - contestant.name.count)
      let each = Double(contestant.best) / Double(max(count, 1))
      let share = first > 0 ? Double(contestant.best) / Double(first) : 0
      let note = contestant.isPacemaker ? "  (another answer)" : ""
      return "  \(name)  \(each.rounded(to: 2)) ns/\(unit)  \(share.rounded(to: 2))x\(note)"
    }
    return (["\(workload), \(count) \(unit)s"] + rows).joined(separator: "\n")
  }

  /// One JSON object per contestant, with the raw laps.
  public var jsonLines: [String] {
    contestants.map { contestant in
      let laps = { (time: KeyPath<Lap, Int64>) in
        contestant.laps.map { String($0[keyPath: time]) }.joined(separator: ",")
      }
      return """
        {"workload":\(quoted(workload)),"unit":\(quoted(unit)),"count":\(count),\
        "name":\(quoted(contestant.name)),"pacemaker":\(contestant.isPacemaker),\
        "thread_ns":[\(laps(\.thread))],"process_ns":[\(laps(\.process))],\
        "wall_ns":[\(laps(\.wall))]}
        """
    }
  }
}

/// A JSON string.
///
/// Names here are ours and hold no control characters.
private func quoted(_ text: String) -> String {
  "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
}

extension Double {
  fileprivate func rounded(to places: Int) -> String {
    let scale = [1, 10, 100, 1_000][places]
    let scaled = Int((self * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(scaled / scale).\(zeros)\(fraction)"
  }
}
