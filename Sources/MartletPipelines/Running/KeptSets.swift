public import Martlet
public import MartletColumns
import MartletLanguage
import MartletPlan
public import MartletRegistry
import MartletSources

/// The feature sets whose schedules are kept, and how far each is.
public enum KeptSets {
  /// Those of `project` that have a schedule or are watched.
  public static func all(
    of project: Project, _ registry: Registry, at now: Instant
  ) throws -> [ScheduledSet] {
    let watched = project.definitions.watchedSets
    var open: [String: TickRecord] = [:]
    var last: [String: TickRecord] = [:]
    for tick in try registry.lastTicks() {
      if tick.endedAt == nil { open[tick.set] = tick } else { last[tick.set] = tick }
    }
    return try project.plan.sets.compactMap { set in
      let schedule = project.definitions.featureSet(set.name)?.schedule
      let ticks = try schedule.flatMap { try Ticks($0, rules: ZoneFiles.rules(of:)) }
      guard ticks != nil || watched.contains(set.name) else { return nil }
      let read = try registry.lastRead(of: set.name)
      var owed: TickRecord.Cause?
      // A tick that was given up is not tried again before the next; what it was for is still owed, though.
      if last[set.name]?.state != .failed {
        if read == nil { owed = .first } else if read?.layout != set.layout { owed = .layout }
      }
      // What was begun and never ended is still to be done, and so is all that came due since.
      let begun = open[set.name].map { $0.since.advanced(by: -1) }
      var kept = ScheduledSet(
        set.name, of: set.source, ticks: ticks,
        doneUpTo: last[set.name]?.due ?? begun ?? read?.at ?? now, owing: owed,
        unfinished: open[set.name])
      if let tick = last[set.name], tick.state == .failed {
        kept.isFailing = read.map { $0.at < tick.due } ?? true
      }
      return kept
    }
  }
}

extension Definitions {
  /// The sets that are brought up to date when their sources have new data.
  var watchedSets: Set<String> { Set(featureSets.filter(\.isWatched).map(\.name)) }
}
