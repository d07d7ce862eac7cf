import Martlet
import MartletColumns
import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet runs`
  static let runs = Command(
    "runs", "Look at what jobs have done.", commands: [runsList, runsShow])

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
    try invocation.output.line(run.report)
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
