import MartletDiagnostics
import MartletRegistry

extension RunRecord {
  /// What became of it, line by line, as its report has it: the same whoever began it.
  var story: [String] {
    // A report that cannot be read has nothing to tell.
    guard let report = try? JSON(reading: report) else { return [] }
    var lines: [String] = []
    for set in report.member("sets").elements {
      guard case .string(let name) = set.member("set") else { continue }
      let rows = set.member("rows")
      guard let kept = rows.member("kept").number, let read = rows.member("read").number,
        read > 0 || set.member("segments").number ?? 0 > 0
      else {
        lines.append("\(name): nothing new")
        continue
      }
      var parts = ["\(name): \(count(Int(read), "row")) read, \(Int(kept)) kept"]
      let others = [
        ("filtered", "left out by `where`"), ("without_key", "without a key"),
        ("without_time", "without a time"), ("late", "late"),
      ]
      for (member, words) in others {
        if let rows = rows.member(member).number, rows > 0 { parts.append("\(Int(rows)) \(words)") }
      }
      if set.member("rebuilt") == true { parts.append("rebuilt") }
      lines.append(parts.joined(separator: ", "))
    }
    if case .object(let failures) = report.member("failures") {
      for failure in failures {
        guard let rows = failure.value.number, rows > 0 else { continue }
        lines.append("\(count(Int(rows), "row")) not as expected: `\(failure.name)`")
      }
    }
    if let merged = report.member("merged").number {
      lines.append("\(count(Int(merged), "segment")) merged into \(report.member("made").cell)")
    }
    if let data = report.member("data").number { lines.append("data version \(Int(data))") }
    if case .string(let words) = report.member("error") { lines.append(words) }
    return lines
  }
}
