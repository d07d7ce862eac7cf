import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet backfill`
  static let backfill = Command(
    "backfill", "Read the files of a range of times again, in pieces that can be resumed.",
    about: """
      For a set's first load of a long past, or when something beneath its files has changed that they do \
      not show. Each piece of about 256 MiB is a run of its own; what was done \
      stays done, and the same call goes on where the last one ended, however it ended. Files that were never \
      read and do not tell their times are among them.
      """,
    operands: [wantedSet], flags: [from, to, dryRun, memory],
    examples: [
      Example("martlet backfill customer_spend --from 2024-01-01 --to 2025-01-01"),
      Example("martlet backfill customer_spend --from 2024-01-01 --to 2025-01-01 --dry-run"),
    ],
    run: backfillSet)
}

private let wantedSet = Operand.required(.text("SET"), "The feature set.")
private let from = Flag.required("from", .instant, "From this time on.")
private let to = Flag.required("to", .instant, "Up to this time, which is not among them.")
private let dryRun = Flag.switch("dry-run", "Say what would be read, and do nothing.")
private let memory = Flag.optional(
  "memory", .size, "Take about this much memory; else a quarter of the machine's.")

private func backfillSet(_ invocation: Invocation) throws -> ExitCode {
  Allocator.returnLargeBlocks()
  let (project, registry, version) = try Project.applied(of: invocation, threads: nil)
  let attempt = invocation.path.spelled
  let name = invocation[wantedSet]
  guard let set = project.plan.set(name), let source = project.plan.source(set.source) else {
    let near = nearName(to: name, among: project.plan.sets.map(\.name))
    throw CommandError.failed(
      attempt,
      "no feature set `\(name)` with a source is applied"
        + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  guard invocation[from] < invocation[to] else {
    throw CommandError.usage(invocation.path, "`--to` must be later than `--from`")
  }
  let range = invocation[from]..<invocation[to]
  var backfill = try withProjectErrors {
    try registry.unfinishedBackfill(of: name, over: range)
  }
  if let backfill {
    let done = backfill.pieces.count { $0.run != nil }
    invocation.talk.say(
      "going on with backfill \(backfill.number), \(done) of \(backfill.pieces.count) pieces done")
  } else {
    let pieces = try withProjectErrors {
      try BackfillFiles.pieces(of: set, over: range, project, registry)
    }
    if invocation[dryRun] || pieces.isEmpty { return try show(pieces, invocation) }
    backfill = try withProjectErrors {
      try registry.beginBackfill(of: name, over: range, pieces, at: .now, by: userName())
    }
  }
  guard let backfill else { return .done }
  if invocation[dryRun] {
    return try show(backfill.pieces.filter { $0.run == nil }.map(\.files), invocation)
  }
  var materializer = Materializer(
    project, registry, version: version, by: userName(), clock: { .now })
  materializer.memory = invocation[memory] ?? Machine.memoryInBytes / 4
  for (place, piece) in backfill.pieces.enumerated() where piece.run == nil {
    try invocation.interruption.check()
    let report = try withProjectErrors {
      try materializer.materialize(source, [set], rebuild: false, only: Set(piece.files))
    }
    guard let report else {
      throw CommandError.busy(
        "backfilling `\(name)`", [name].heldWords(in: project.store),
        help: "the same call goes on later")
    }
    try withProjectErrors {
      try registry.finishPiece(place, of: backfill.number, run: report.run, at: .now)
      if let data = report.data {
        try RunProfile.record([set], run: report.run, data: data, project, registry)
      }
    }
    try show(report, place: place + 1, of: backfill, invocation)
  }
  let online = try withProjectErrors { try OnlineData.ifFree(project, registry) }
  _ = try withProjectErrors { try online?.update(registry, sets: [name], at: .now) }
  return .done
}

private func show(_ pieces: [[String]], _ invocation: Invocation) throws -> ExitCode {
  switch invocation.form {
  case .json:
    for files in pieces {
      let line: JSON = ["files": .strings(files)]
      try invocation.output.line(line.text)
    }
  case .text:
    let files = pieces.reduce(0) { $0 + $1.count }
    try invocation.output.line(
      files == 0
        ? "no file has rows of these times"
        : "\(count(files, "file")) in \(count(pieces.count, "piece"))")
    for (number, files) in pieces.enumerated() {
      for file in files { try invocation.output.line("  \(number + 1)  \(file)") }
    }
  }
  return .done
}

private func show(
  _ report: RunReport, place: Int, of backfill: BackfillRecord, _ invocation: Invocation
) throws {
  switch invocation.form {
  case .json:
    let line: JSON = [
      "backfill": .count(backfill.number), "piece": .count(place),
      "pieces": .count(backfill.pieces.count), "report": report.json,
    ]
    try invocation.output.line(line.text)
  case .text:
    let kept = report.sets.reduce(0) { $0 + $1.counts.kept }
    try invocation.output.line(
      "piece \(place) of \(backfill.pieces.count): \(count(report.fileCount, "file")), "
        + "\(count(kept, "row")) kept, run \(report.run)")
  }
  try invocation.output.flush()
}
