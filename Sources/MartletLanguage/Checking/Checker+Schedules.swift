import MartletColumns
import MartletDiagnostics

extension Checker {
  /// What a schedule promises, held against what the source and the set need.
  mutating func checkSchedule(of set: FeatureSet, _ seen: Seen) {
    if let every = seen.range(.every), let cron = seen.range(.cron) {
      report(.twoSchedules(cron, every))
    }
    guard case .stored(let stored) = set.kind else {
      if let range = seen.range(.every) ?? seen.range(.cron) { report(.scheduleOfComputed(range)) }
      return
    }
    if case .every(let length) = set.schedule {
      if let fresh = set.fresh, length > fresh, let range = seen.range(.every),
        let promise = seen.range(.fresh)
      {
        report(.scheduleTooSlow(range, length, promise, fresh))
      }
      // A job that comes by once a day shows serving a row a day late; without `known`, training
      // would see it at once.
      if length.microseconds >= .day, let source = sources[stored.source]?.meaning,
        source.known == nil, source.kind == .events, let range = seen.range(.every),
        let name = sources[stored.source]?.name
      {
        report(.arrivalUnknown(range, length, name))
      }
    }
  }

  mutating func cron(_ line: TextLiteral, _ zone: TextLiteral?) -> Schedule? {
    let zone = zone.flatMap { checkedZone($0) }
    guard CronLine.isValid(line.text) else {
      report(.badCron(line))
      return nil
    }
    return .cron(line.text, zone: zone)
  }
}

/// The five fields of a cron line: minute, hour, day of the month, month, day of the week.
enum CronLine {
  private static let limits = [0...59, 0...23, 1...31, 1...12, 0...7]

  static func isValid(_ line: String) -> Bool {
    let fields = line.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count == limits.count, line.utf8.count < 256 else { return false }
    return zip(fields, limits).allSatisfy { field, limits in
      field.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
        isValid(part: $0, limits)
      }
    }
  }

  /// `*`, `5`, `1-5`, each with `/step`.
  private static func isValid(part: Substring, _ limits: ClosedRange<Int>) -> Bool {
    let halves = part.split(separator: "/", omittingEmptySubsequences: false)
    guard 1...2 ~= halves.count else { return false }
    if halves.count == 2, (number(halves[1]) ?? 0) < 1 { return false }
    if halves[0] == "*" { return true }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
    guard 1...2 ~= ends.count, let first = ends[0], limits.contains(first) else { return false }
    guard ends.count == 2 else { return true }
    guard let last = ends[1] else { return false }
    return limits.contains(last) && first <= last
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy(\.isDigit) && text.count <= 4 ? Int(text) : nil
  }
}
