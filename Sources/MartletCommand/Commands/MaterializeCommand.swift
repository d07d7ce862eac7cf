import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet materialize`
  static let materialize = Command(
    "materialize", "Bring the store up to date with the sources.",
    about: """
      Reads what is new: files not seen before, files whose content is another now, and nothing else; \
      the rows of files that are gone are withdrawn. The definitions are those last applied. All sets \
      of a source are brought up to date in one pass and become visible in one transaction: whatever \
      ends a run before leaves the store as it was.
      """,
    operands: [sets], flags: [rebuild, repair, online, offline, dryRun, wait, threads],
    examples: [
      Example("martlet materialize"),
      Example("martlet materialize customer_spend --dry-run", "What would be read?"),
      Example("martlet materialize --wait 5m --json", "From cron:"),
    ],
    run: materializeSets)
}

private let sets = Operand.rest(.text("SET"), "Feature sets to bring up to date; else all.")
private let rebuild = Flag.switch("rebuild", "Read everything again, whatever is known.")
private let repair = Flag.switch(
  "repair", "Check every segment's bytes, and read again what is behind a broken one.")
private let online = Flag.switch(
  "online", "Make the online store anew from what is stored offline.")
private let offline = Flag.switch("offline", "Leave the online store as it is.")
private let dryRun = Flag.switch("dry-run", "Say what would be read, and do nothing.")
private let wait = Flag.optional(
  "wait", .length, "Wait so long for another run of the same set; else leave with exit code 5.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func materializeSets(_ invocation: Invocation) throws -> ExitCode {
  Allocator.returnLargeBlocks()
  let (project, registry, version) = try Project.applied(
    of: invocation, threads: invocation[threads])
  for name in invocation[sets] where project.plan.set(name) == nil {
    let near = nearName(to: name, among: project.plan.sets.map(\.name))
    throw CommandError.failed(
      invocation.path.spelled,
      "no feature set `\(name)` with a source is applied"
        + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  var materializer = Materializer(
    project, registry, version: version, by: userName(), clock: { .now })
  materializer.memory = invocation.memoryInBytes
  if invocation[online], !invocation[dryRun] {
    try withProjectErrors {
      if let damage = try OnlineData.giveUp(project, registry).damage {
        invocation.talk.say(
          "what was pushed since the last run is lost where it was damaged: \(damage)")
      }
    }
  }
  // What was pushed since the last run is read by this one. A server that has the online store writes it
  // to files when asked, and loads what is new by itself.
  var owned =
    invocation[dryRun] || invocation[offline]
    ? nil : try withProjectErrors { try OnlineData.ifFree(project, registry) }
  try withProjectErrors { try owned?.writePushFiles(registry) }
  if owned == nil, !invocation[dryRun] {
    let isWhole = try withProjectErrors {
      try registry.collectServerPushes { try invocation.interruption.check() }
    }
    // A server that ended meanwhile has left the online store to whoever comes.
    if !isWhole, !invocation[offline] {
      owned = try withProjectErrors { try OnlineData.ifFree(project, registry) }
      try withProjectErrors { try owned?.writePushFiles(registry) }
    }
    if !isWhole, owned == nil {
      invocation.talk.say(
        "the server that has the online store does not answer: rows that were pushed to it since the "
          + "last run wait for the next")
    }
  }
  var wanted = invocation[sets]
  var rebuilds = invocation[rebuild]
  if invocation[repair] {
    guard let broken = try project.brokenSets(registry, invocation) else { return .done }
    (wanted, rebuilds) = (broken, true)
  }
  var compactor = Compactor(project, registry, version: version, by: userName(), clock: { .now })
  compactor.memory = invocation.memoryInBytes
  // Where only older versions of the data have broken segments, there is no set to make again.
  let groups = invocation[repair] && wanted.isEmpty ? [] : materializer.groups(of: wanted)
  for (source, sets) in groups {
    if invocation[dryRun] {
      let plan = try withProjectErrors {
        try materializer.plan(source, sets, rebuild: rebuilds)
      }
      try plan.show(on: invocation)
      continue
    }
    let outcome = try invocation.showingRowsRead("reading `\(source.name)`") {
      try materializer.waiting(source, sets, rebuild: rebuilds, invocation)
    }
    guard let report = outcome else {
      let names = sets.map { "`\($0.name)`" }.joined(separator: ", ")
      throw CommandError.busy(
        "materializing \(names)", sets.map(\.name).heldWords(in: project.store),
        help: "`--wait 5m` waits for it to end")
    }
    switch invocation.form {
    case .text: try report.show(on: invocation.output)
    case .json: try invocation.output.line(report.json.text)
    }
    try invocation.output.flush()
    if let data = report.data {
      try withProjectErrors {
        try RunProfile.record(sets, run: report.run, data: data, project, registry)
      }
    }
    // What pays is merged by the way; where another run has begun, it will do it.
    for set in sets where report.data != nil {
      _ = try withProjectErrors { try compactor.compact(set, .whatPays) }
    }
  }
  if invocation[repair], !invocation[dryRun] {
    try project.giveUpBroken(registry, invocation)
  }
  if let owned {
    let updates = try invocation.showingRowsRead("loading online") {
      try withProjectErrors { try owned.update(registry, at: .now) }
    }
    for update in updates {
      invocation.talk.say(
        "\(update.set): \(count(update.rowCount, "row")) of "
          + "\(count(update.entityCount, "entity")) online")
    }
  }
  return .done
}

extension Project {
  /// The sets whose newest data has a segment whose bytes are not those that were written, each said
  /// aloud; `nil` where every segment is sound, those of older data too.
  fileprivate func brokenSets(
    _ registry: Registry, _ invocation: Invocation
  ) throws -> [String]? {
    let check = try withProjectErrors {
      try StoreCheck(
        registry, store: store, checkpoint: { try invocation.interruption.check() })
    }
    for problem in check.problems { invocation.talk.say("\(problem.set): \(problem.words)") }
    invocation.talk.say(
      "\(count(check.segmentCount, "segment")) checked, \(check.problems.count) broken")
    if check.problems.isEmpty { return nil }
    let broken = Set(check.problems.filter(\.isCurrent).map(\.set))
    return plan.sets.map(\.name).filter { broken.contains($0) }
  }

  /// Gives up what is broken and not needed for the newest data.
  fileprivate func giveUpBroken(_ registry: Registry, _ invocation: Invocation) throws {
    let lost = try withProjectErrors {
      try StoreCheck.giveUpBroken(
        registry, store: store, at: .now, by: userName(),
        checkpoint: { try invocation.interruption.check() })
    }
    guard lost > 0 else { return }
    invocation.talk.say(
      "\(count(lost, "segment")) of older versions of the data given up: those cannot be read any more"
    )
  }
}

extension Materializer {
  /// Brings `sets` up to date, trying again as long as the call says while another run is at them.
  fileprivate func waiting(
    _ source: SourcePlan, _ sets: [SetPlan], rebuild: Bool, _ invocation: Invocation
  ) throws -> RunReport? {
    let patience = invocation[wait]?.microseconds ?? 0
    let (deadline, overflow) = Instant.now.microseconds.addingReportingOverflow(patience)
    while true {
      let report = try withProjectErrors {
        try materialize(source, sets, rebuild: rebuild)
      }
      if let report { return report }
      guard overflow || Instant.now.microseconds < deadline else { return nil }
      try invocation.interruption.check()
      usleep(50_000)
    }
  }
}

extension RunReport {
  /// Writes what became of the run.
  fileprivate func show(on output: Output) throws {
    let rows = sets.map(\.counts.read).max() ?? 0
    let seconds = max(Double(took) / 1_000_000, 0.001)
    var line = "\(source): \(count(fileCount, "file")), \(byteCount.asSize)"
    if fileCount > 0 {
      line += ", \(count(rows + dropped, "row")) in \(seconds.shortened) s"
      line += " (\(Int(Double(rows + dropped) / seconds)) rows a second)"
    }
    try output.line(line + (data.map { ", data version \($0)" } ?? ", nothing new"))
    for failure in failures where failure.rows > 0 {
      try output.line("  \(count(failure.rows, "row")) not as expected: `\(failure.written)`")
    }
    if dropped > 0 { try output.line("  \(count(dropped, "row")) dropped") }
    for set in sets where data != nil { try output.line("  " + set.line) }
  }
}

extension RunReport.SetReport {
  fileprivate var line: String {
    var parts = ["\(set): \(count(counts.kept, "row")) kept"]
    let notes = [
      ("left out by `where`", counts.filtered), ("without a key", counts.withoutKey),
      ("without a time", counts.withoutTime), ("late", late), ("in the future", future),
      ("from before 1970", ancient), ("with an id that repeats", repeats),
    ]
    parts += notes.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    let files = [("changed", changedFiles), ("gone", vanishedFiles)]
    parts += files.filter { $0.1 > 0 }.map { "\(count($0.1, "file")) \($0.0)" }
    parts.append("\(count(segmentCount, "segment")), \(byteCount.asSize)")
    if let span { parts.append("\(span.lowerBound) to \(span.upperBound)") }
    if isRebuilt { parts.append("rebuilt") }
    return parts.joined(separator: ", ")
  }
}

extension MaterializationPlan {
  /// Writes what the run would do.
  fileprivate func show(on invocation: Invocation) throws {
    switch invocation.form {
    case .json:
      let document: JSON = [
        "source": .string(source.name),
        "sets": .array(
          sets.map { work in
            [
              "set": .string(work.set.name), "rebuilt": .bool(work.isRebuilt),
              "new": .strings(work.changes.new.map(\.path)),
              "changed": .strings(work.changes.changed.map(\.path)),
              "vanished": .strings(work.changes.vanished.map(\.file.path)),
              "unchanged": .count(work.changes.unchangedCount),
            ]
          }),
      ]
      try invocation.output.line(document.text)
    case .text:
      for work in sets {
        let changes = work.changes
        var line = "\(work.set.name): "
        line += changes.isEmpty ? "up to date" : "\(count(changes.new.count, "new file"))"
        if !changes.changed.isEmpty { line += ", \(changes.changed.count) changed" }
        if !changes.vanished.isEmpty { line += ", \(changes.vanished.count) gone" }
        line += ", \(changes.unchangedCount) as before"
        if work.isRebuilt { line += "; it keeps its rows otherwise than before and is rebuilt" }
        try invocation.output.line(line)
        try invocation.output.list(changes.new.map(\.path), mark: "+")
        try invocation.output.list(changes.changed.map(\.path), mark: "~")
        try invocation.output.list(changes.vanished.map(\.file.path), mark: "-")
      }
    }
  }
}

extension Output {
  /// Writes the first of `paths`, a line each, and how many there are beside them: `--json` has them all.
  fileprivate func list(_ paths: [String], mark: String) throws {
    let shown = paths.count > 20 ? paths.prefix(10) : paths[...]
    for path in shown { try line("  \(mark) \(path)") }
    if shown.count < paths.count {
      try line("  \(mark) and \(count(paths.count - shown.count, "other"))")
    }
  }
}
