import Martlet
import MartletColumns
import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet runs`
  static let runs = Command(
    "runs", "Look at what jobs have done.",
    commands: [runsList, runsShow, runsLogs, runsRetry, runsCancel])

  /// `martlet runs list`
  private static let runsList = Command(
    "list", "List the runs, the newest first.",
    flags: [limit],
    examples: [Example("martlet runs list"), Example("martlet runs list --limit 5 --json")],
    run: listRuns)

  /// `martlet runs show`
  private static let runsShow = Command(
    "show", "Show what became of one run, and some of the rows that it rejected.",
    operands: [number],
    examples: [Example("martlet runs show 7")],
    run: showRun)

  /// `martlet runs logs`
  private static let runsLogs = Command(
    "logs", "Show who began a run, what it set out to do, and what became of it.",
    about: """
      Of a run that a schedule asked for, the ticks that it was for, too. Whoever began it, the words are the \
      same.
      """,
    operands: [number],
    examples: [Example("martlet runs logs 7"), Example("martlet runs logs 7 --json")],
    run: showLog)

  /// `martlet runs cancel`
  private static let runsCancel = Command(
    "cancel", "Ask a run to end and to leave everything as it was.",
    about: """
      Whoever began it, by hand or by a schedule, it ends within about a second, at its next check. The tick \
      that it was for is given up; a `martlet materialize` of a person's own exits with 130.
      """,
    operands: [number],
    examples: [Example("martlet runs cancel 7")],
    run: cancelRun)

  /// `martlet runs retry`
  private static let runsRetry = Command(
    "retry", "Do again what an abandoned run was to do, now and here.",
    operands: [number],
    examples: [Example("martlet runs retry 7")],
    run: retryRun)
}

private let limit = Flag.value("limit", .int(in: 1...Int.max), default: 20, "At most so many.")
private let number = Operand.required(.int(in: 1...Int.max), "The run's number.")

private func listRuns(_ invocation: Invocation) throws -> ExitCode {
  let runs = try withProjectErrors {
    try Registry.ifThere(of: invocation)?.runs(limit: invocation[limit]) ?? []
  }
  switch invocation.form {
  case .json:
    for run in runs { try invocation.output.line(run.json.text) }
  case .text:
    if runs.isEmpty { return try invocation.saying("nothing has run yet") }
    var table = Table(
      .right("Run"), .left("What"), .left("State"), .left("Started"), .right("Took"),
      .left("Sets"))
    for run in runs {
      table.append(
        "\(run.number)", run.kind.rawValue, run.state.rawValue, "\(run.startedAt)",
        run.seconds.map { "\($0.shortened) s" } ?? "", run.subject)
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return .done
}

private func showRun(_ invocation: Invocation) throws -> ExitCode {
  let wanted = invocation[number]
  let (run, rejects) = try withProjectErrors {
    guard let registry = try Registry.ifThere(of: invocation) else {
      return (RunRecord?.none, [RunCommit.Reject]())
    }
    let run = try registry.runs().first { $0.number == wanted }
    return (run, try registry.rejects(of: wanted))
  }
  guard let run else {
    throw CommandError.failed(invocation.path.spelled, "there is no run \(wanted)")
  }
  switch invocation.form {
  case .json: try invocation.output.line(run.json.text)
  case .text:
    try invocation.output.line(
      "run \(run.number): \(run.kind.rawValue) \(run.subject), \(run.state.rawValue)")
    try invocation.output.line(
      "definitions of version \(run.version), by \(run.author), \(run.startedAt)")
    for line in JSON.outline(of: run.report) { try invocation.output.line(line) }
  }
  for reject in rejects {
    switch invocation.form {
    case .text:
      try invocation.output.line("rejected by `\(reject.rule)` in \(reject.file): \(reject.row)")
    case .json:
      let line: JSON = [
        "source": .string(reject.source), "rule": .string(reject.rule),
        "file": .string(reject.file), "row": .string(reject.row),
      ]
      try invocation.output.line(line.text)
    }
  }
  return .done
}

private func showLog(_ invocation: Invocation) throws -> ExitCode {
  let (registry, run) = try wantedRun(of: invocation)
  var lines = try withProjectErrors { try registry.notes(of: run.number) }
  if let end = run.endedAt {
    // What it came to stands before what others said of it afterwards.
    let place = lines.firstIndex { $0.at > end } ?? lines.count
    lines.insert(
      contentsOf: (run.story + [run.state.rawValue]).map { (at: end, line: $0) }, at: place)
  }
  lines.insert((at: run.startedAt, line: "begun by \(run.author): \(run.subject)"), at: 0)
  for (at, text) in lines {
    switch invocation.form {
    case .json:
      let line: JSON = ["at": .string("\(at)"), "line": .string(text)]
      try invocation.output.line(line.text)
    case .text: try invocation.output.line("\(at)  \(text)")
    }
  }
  return .done
}

private func cancelRun(_ invocation: Invocation) throws -> ExitCode {
  let (registry, run) = try wantedRun(of: invocation)
  let isAsked = try withProjectErrors {
    try registry.cancel(run: run.number, at: .now, by: userName())
  }
  switch invocation.form {
  case .json:
    let line: JSON = ["run": .count(run.number), "cancelled": .bool(isAsked)]
    try invocation.output.line(line.text)
  case .text:
    try invocation.output.line(
      isAsked ? "run \(run.number) is asked to end" : "run \(run.number) has ended already")
  }
  return isAsked ? .done : .no
}

private func retryRun(_ invocation: Invocation) throws -> ExitCode {
  let (_, run) = try wantedRun(of: invocation)
  guard run.kind == .materialize, run.state == .abandoned else {
    throw CommandError.failed(
      invocation.path.spelled,
      "run \(run.number) is one of \(run.kind.rawValue), \(run.state.rawValue)",
      help: "only what was to bring sets up to date and was abandoned can be done again")
  }
  var words = ["materialize"] + run.subject.split(separator: ",").map(String.init)
  if invocation.form == .json { words.append("--json") }
  if let project = invocation.settings.project.value { words += ["--project", project] }
  if let store = invocation.settings.store.value { words += ["--store", store] }
  return try invocation.run(words)
}

/// The run that a call names.
private func wantedRun(
  of invocation: Invocation
) throws -> (registry: Registry, run: RunRecord) {
  let wanted = invocation[number]
  if let registry = try Registry.ifThere(of: invocation) {
    let run = try withProjectErrors { try registry.runs().first { $0.number == wanted } }
    if let run { return (registry, run) }
  }
  throw CommandError.failed(invocation.path.spelled, "there is no run \(wanted)")
}

extension Invocation {
  /// Says what there is instead of an answer.
  func saying(_ words: String) throws -> ExitCode {
    try output.line(words)
    return .done
  }
}

extension RunRecord {
  /// How long it took, once it has ended.
  var seconds: Double? {
    endedAt.map { Double($0.microseconds &- startedAt.microseconds) / 1_000_000 }
  }

  var json: JSON {
    [
      "run": .count(number), "kind": .string(kind.rawValue), "sets": .string(subject),
      "state": .string(state.rawValue), "version": .count(version), "author": .string(author),
      "started_at": .string("\(startedAt)"),
      "ended_at": endedAt.map { .string("\($0)") } ?? nil,
      "report": (try? JSON(reading: report)) ?? .string(report),  // what it says, if it can be read
    ]
  }
}
