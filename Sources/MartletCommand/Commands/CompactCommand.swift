import Martlet
import MartletColumns
import MartletDiagnostics
import MartletOffline
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet compact`
  static let compact = Command(
    "compact", "Merge small segments, and give up those that nobody needs.",
    about: """
      Runs do what pays by themselves. What was merged stays for older versions of the data, until \
      `--prune` gives up the segments that others took the place of more than `--keep` ago and that no \
      training set needs.
      """,
    operands: [sets], flags: [all, prune, keep, dryRun, threads],
    examples: [
      Example("martlet compact"),
      Example("martlet compact --all customer_spend", "Into one segment:"),
      Example("martlet compact --prune --dry-run", "What would be deleted?"),
    ],
    run: compactSets)
}

private let sets = Operand.rest(.text("SET"), "Feature sets to compact; else all.")
private let all = Flag.switch("all", "Merge all segments of a set into one.")
private let prune = Flag.switch("prune", "Delete segments that no version in use needs.")
private let keep = Flag.value(
  "keep", .length, default: TimeLength(microseconds: 7 * .day),
  "With --prune, keep what was replaced within this time.")
private let dryRun = Flag.switch("dry-run", "With --prune, say what would be deleted.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func compactSets(_ invocation: Invocation) throws -> ExitCode {
  Allocator.returnLargeBlocks()
  let (project, registry, version) = try Project.applied(
    of: invocation, threads: invocation[threads])
  let wanted = invocation[sets]
  for name in wanted where project.plan.set(name) == nil {
    throw CommandError.failed(
      invocation.path.spelled, "no feature set `\(name)` with a source is applied")
  }
  if invocation[prune] { return try pruneSegments(project, registry, invocation) }
  var compactor = Compactor(project, registry, version: version, by: userName(), clock: { .now })
  compactor.memory = invocation.memoryInBytes
  for set in project.plan.sets where wanted.isEmpty || wanted.contains(set.name) {
    let report = try withProjectErrors {
      try compactor.compact(set, invocation[all] ? .everything : .whatPays)
    }
    guard let report else {
      throw CommandError.busy(
        "compacting `\(set.name)`", [set.name].heldWords(in: project.store))
    }
    switch invocation.form {
    case .json: try invocation.output.line(report.json.text)
    case .text:
      let words =
        report.merged == 0
        ? "nothing to merge"
        : "\(count(report.merged, "segment")) merged, \(report.bytesBefore.asSize) "
          + "to \(report.bytesAfter.asSize)"
      try invocation.output.line("\(set.name): \(words)")
    }
  }
  return .done
}

private func pruneSegments(
  _ project: Project, _ registry: Registry, _ invocation: Invocation
) throws -> ExitCode {
  let now = Instant.now
  let (before, overflow) = now.microseconds.subtractingReportingOverflow(
    invocation[keep].microseconds)
  let found = try withProjectErrors {
    try registry.prunable(before: Instant(microseconds: overflow ? .min : before))
  }
  if !invocation[dryRun], !found.isEmpty {
    try withProjectErrors {
      guard let readers = try ReaderLock.takeAll(in: project.store) else {
        throw CommandError.busy("pruning", "somebody reads from the store")
      }
      // The registry says so first: a segment that is gone must never be taken for one that is there.
      try withExtendedLifetime(readers) {
        try registry.notePruned(found, at: now, by: userName())
        for segment in found where !segment.sharesBytes {
          SegmentFolder(of: segment.set, in: project.store).remove(segment.name)
        }
      }
    }
  }
  let done = invocation[dryRun] ? "would be deleted" : "deleted"
  switch invocation.form {
  case .json:
    for segment in found {
      let line: JSON = [
        "set": .string(segment.set), "segment": .string(segment.name),
        "bytes": .count(segment.byteCount), "deleted": .bool(!invocation[dryRun]),
      ]
      try invocation.output.line(line.text)
    }
  case .text:
    for segment in found {
      try invocation.output.line(
        "\(segment.set)/\(segment.name.prefix(12)) \(segment.byteCount.asSize)")
    }
    let bytes = found.reduce(0) { $0 + $1.byteCount }
    try invocation.output.line("\(count(found.count, "segment")) \(done), \(bytes.asSize)")
  }
  return .done
}
