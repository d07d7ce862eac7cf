import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet status`
  static let status = Command(
    "status", "Show how fresh each feature set is, and what is due.",
    about: """
      A set is due when its schedule asks for a run, when it was never brought up to date, or when it \
      is defined otherwise than what is stored. Exits with 1 when something is due.
      """,
    examples: [Example("martlet status"), Example("martlet status --json")],
    run: showStatus)
}

private func showStatus(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, version) = try Project.applied(of: invocation, threads: 1)
  let now = Instant.now
  let (lines, data) = try withProjectErrors {
    let stored = try StoredData(project, registry)
    let runs = try registry.runs()
    let lines = try project.plan.sets.map { set in
      let read = try registry.lastRead(of: set.name)
      let schedule = project.definitions.featureSet(set.name)?.schedule
      return SetStatus(
        set: set, read: read, contents: stored.contents[set.name], schedule: schedule, now: now,
        running: runs.first { $0.endedAt == nil && $0.isAbout(set.name) })
    }
    return (lines, stored.version)
  }
  switch invocation.form {
  case .json:
    for line in lines { try invocation.output.line(line.json.text) }
  case .text:
    var table = Table(
      .left("Set"), .left("State"), .left("Read"), .left("Schedule"), .right("Rows"),
      .right("Segments"), .right("Size"))
    for line in lines { table.append(line.cells) }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
    try invocation.output.line("definitions version \(version), data version \(data)")
  }
  return lines.contains { $0.state != .fresh && $0.state != .running } ? .no : .done
}

/// How one set stands.
private struct SetStatus {
  var set: SetPlan
  var read: SetRead?
  var contents: SetContents?
  var schedule: Schedule?
  var now: Instant
  var running: RunRecord?

  enum State: String {
    case fresh, due, never, outdated, running
  }

  var state: State {
    if running != nil { return .running }
    guard let read else { return .never }
    if read.layout != set.layout { return .outdated }
    guard case .every(let length) = schedule else { return .fresh }
    let (due, overflow) = read.at.microseconds.addingReportingOverflow(length.microseconds)
    return !overflow && now.microseconds >= due ? .due : .fresh
  }

  private var rows: Int { contents?.segments.reduce(0) { $0 + $1.rowCount } ?? 0 }
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
      set.name, state.rawValue, read.map { "\($0.at)" } ?? "", scheduleText, "\(rows)",
      "\(segments)", bytes.asSize,
    ]
  }

  var json: JSON {
    [
      "set": .string(set.name), "state": .string(state.rawValue),
      "read_at": read.map { .string("\($0.at)") } ?? nil,
      "age_seconds": read.map { .int((now.microseconds &- $0.at.microseconds) / 1_000_000) } ?? nil,
      "schedule": .string(scheduleText), "rows": .count(rows), "segments": .count(segments),
      "bytes": .count(bytes), "run": running.map { .count($0.number) } ?? nil,
    ]
  }
}

extension RunRecord {
  fileprivate func isAbout(_ set: String) -> Bool {
    subject.split(separator: ",").contains { $0 == set }
  }
}
