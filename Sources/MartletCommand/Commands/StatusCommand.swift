import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPipelines
import MartletPlan
import MartletRegistry
import MartletSources

extension Command {
  /// `martlet status`
  static let status = Command(
    "status", "Show how fresh each feature set is, what is due, and who keeps the schedules.",
    about: """
      A set is due when its schedule asks for a run, when it was never brought up to date, or when it \
      is defined otherwise than what is stored. It is failing when its last tick, or its last run by hand, was tried in \
      vain. Rows are those that a reader sees. Exits with 1 when something is due or failing.
      """,
    examples: [Example("martlet status"), Example("martlet status --json")],
    run: showStatus)
}

private func showStatus(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, version) = try Project.applied(of: invocation, threads: 1)
  let now = Instant.now
  let (lines, data, lease) = try withProjectErrors {
    let stored = try StoredData(project, registry)
    let runs = try registry.unfinishedRuns()
    let pauses = try registry.pauses()
    let ended = try registry.runs(limit: recentRunLimit).filter { $0.endedAt != nil }
    let lines = try project.plan.sets.map { set in
      let read = try registry.lastRead(of: set.name)
      let schedule = project.definitions.featureSet(set.name)?.schedule
      return SetStatus(
        set: set, read: read, contents: stored.contents[set.name],
        rows: try stored.seenRowCount(of: set), schedule: schedule,
        ticks: try schedule.flatMap { try Ticks($0, rules: ZoneFiles.rules(of:)) }, now: now,
        running: runs.first { $0.isAbout(set.name) },
        lastRun: ended.first { $0.kind == .materialize && $0.isAbout(set.name) },
        lastTick: try registry.ticks(of: set.name, limit: 1).first,
        pause: pauses.first { $0.set == set.name })
    }
    return (lines, stored.version, try registry.lease("schedules"))
  }
  switch invocation.form {
  case .json:
    for line in lines { try invocation.output.line(line.json.text) }
  case .text:
    var table = Table(
      .left("Set"), .left("State"), .left("Read"), .left("Schedule"), .left("Next"),
      .right("Rows"), .right("Segments"), .right("Size"))
    for line in lines { table.append(line.cells) }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
    for line in lines {
      if let trouble = line.trouble { try invocation.output.line("\(line.set.name): \(trouble)") }
    }
    try invocation.output.line("definitions version \(version), data version \(data)")
    if lines.contains(where: { $0.schedule != nil }) {
      let keeper = lease.flatMap { $0.endsAt > now ? $0.holder : nil }
      try invocation.output.line(
        keeper.map { "\($0) keeps the schedules" }
          ?? "nobody keeps the schedules: `martlet run` does, or `martlet serve --schedule`")
    }
  }
  return lines.contains(where: \.state.asksForSomething) ? .no : .done
}

/// Whether a set's last run failed is looked for among so many.
private let recentRunLimit = 200

/// How one set stands.
private struct SetStatus {
  var set: SetPlan
  var read: SetRead?
  var contents: SetContents?
  var rows: Int
  var schedule: Schedule?
  var ticks: Ticks?
  var now: Instant
  var running: RunRecord?
  var lastRun: RunRecord?
  var lastTick: TickRecord?
  var pause: Pause?

  enum State: String {
    case fresh, due, never, outdated, running, paused, failing

    var asksForSomething: Bool {
      switch self {
      case .fresh, .running, .paused: false
      case .due, .never, .outdated, .failing: true
      }
    }
  }

  var state: State {
    if running != nil { return .running }
    if pause != nil { return .paused }
    if isFailing || failedRun != nil { return .failing }
    guard let read else { return .never }
    if read.layout != set.layout { return .outdated }
    return next.map { $0 <= now } ?? false ? .due : .fresh
  }

  /// When its schedule asks for a run next, or asked for one that was not made.
  private var next: Instant? {
    guard let read else { return nil }
    return ticks?.first(after: read.at)
  }

  /// Whether the last tick failed, and nobody brought the set up to date since.
  private var isFailing: Bool {
    guard let lastTick, !lastTick.words.isEmpty, lastTick.state != .done else { return false }
    return read.map { $0.at < lastTick.due } ?? true
  }

  /// The last run, if it failed, and nobody brought the set up to date since.
  private var failedRun: RunRecord? {
    guard let lastRun, lastRun.state == .abandoned else { return nil }
    return read.map { $0.run < lastRun.number } ?? true ? lastRun : nil
  }

  /// What stands in its way.
  var trouble: String? {
    if let pause {
      return "paused by \(pause.author)" + (pause.reason.isEmpty ? "" : ": \(pause.reason)")
    }
    guard isFailing, let lastTick else {
      return failedRun.map { run in
        let words = run.story.last ?? "it ended without a word"
        return "run \(run.number) failed: \(words); `martlet runs retry \(run.number)` tries again"
      }
    }
    return lastTick.state == .failed
      ? "given up: \(lastTick.words)" : "tried again at \(lastTick.notBefore): \(lastTick.words)"
  }

  private var bytes: Int { contents?.segments.reduce(0) { $0 + $1.byteCount } ?? 0 }
  private var segments: Int { contents?.segments.count ?? 0 }

  private var scheduleText: String {
    switch schedule {
    case nil: ""
    case .every(let length): "every \(length)"
    case .cron(let text, let zone): "cron \(text)" + (zone.map { " \($0)" } ?? "")
    }
  }

  var cells: [String] {
    [
      set.name, state.rawValue, read.map { "\($0.at)" } ?? "", scheduleText,
      next.map { "\($0)" } ?? "", "\(rows)", "\(segments)", bytes.asSize,
    ]
  }

  var json: JSON {
    [
      "set": .string(set.name), "state": .string(state.rawValue),
      "read_at": read.map { .string("\($0.at)") } ?? nil,
      "age_seconds": read.map { .int((now.microseconds &- $0.at.microseconds) / 1_000_000) } ?? nil,
      "schedule": .string(scheduleText), "next": next.map { .string("\($0)") } ?? nil,
      "failures": .count(isFailing ? lastTick?.failures ?? 0 : 0),
      "trouble": trouble.map { .string($0) } ?? nil, "rows": .count(rows),
      "segments": .count(segments),
      "bytes": .count(bytes), "run": running.map { .count($0.number) } ?? nil,
    ]
  }
}

extension RunRecord {
  fileprivate func isAbout(_ set: String) -> Bool {
    subject.split(separator: ",").contains { $0 == set }
  }
}
