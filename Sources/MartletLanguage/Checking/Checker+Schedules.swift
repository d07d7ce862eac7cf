import MartletColumns
import MartletDiagnostics

extension Checker {
  /// What a schedule promises, held against what the source and the set need.
  mutating func checkSchedule(of set: FeatureSet, _ seen: Seen) {
    if let every = seen.range(.every), let cron = seen.range(.cron) {
      report(.twoSchedules(cron, every))
    }
    guard case .stored(let stored) = set.kind else {
      if let range = seen.range(.every) ?? seen.range(.cron) ?? seen.range(.on) {
        report(.scheduleOfComputed(range))
      }
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
    guard CronLine(line.text) != nil else {
      report(.badCron(line))
      return nil
    }
    return .cron(line.text, zone: zone)
  }
}
