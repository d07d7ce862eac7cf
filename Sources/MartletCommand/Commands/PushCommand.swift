import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletOnline
import MartletPlan
import MartletRegistry
import MartletSources

extension Command {
  /// `martlet push`
  static let push = Command(
    "push", "Append rows to a source; they count in the next answer.",
    about: """
      Reads a file as the source's own are read. Rows are on the disk when this returns, and the next \
      `materialize` brings them to training. A row whose id came before counts once.
      """,
    operands: [pushed, input],
    examples: [
      Example("martlet push transactions today.jsonl"),
      Example("martlet push transactions late.parquet --json"),
    ],
    run: pushRows)
}

private let pushed = Operand.required(.text("SOURCE"), "The source that the rows are of.")
private let input = Operand.required(.file, "The rows, as Parquet, CSV or JSON Lines.")

private func pushRows(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, _) = try Project.applied(of: invocation, threads: 1)
  let name = invocation[pushed]
  guard let plan = project.plan.source(name), let definition = project.definitions.source(name)
  else {
    let near = nearName(to: name, among: project.plan.sources.map(\.name))
    throw CommandError.failed(
      invocation.path.spelled,
      "there is no source `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  var (rows, dropped, kept) = (0, 0, [String: Int]())
  try withProjectErrors {
    var zone = ZoneRules.utc
    if let name = definition.zone { zone = try project.zones[name] ?? ZoneFiles.rules(of: name) }
    let rowSource = try RowSources.open(invocation[input], declared: plan.schema, zone: zone)
    let online = try OnlineData(project, registry)
    for stretch in rowSource.stretches(of: Int.max) {
      try rowSource.read(stretch) { batch in
        try invocation.interruption.check()
        let receipt = try online.push(batch, to: plan)
        rows += batch.rowCount
        dropped += receipt.verdict.dropped
        for (set, counts) in receipt.counts { kept[set, default: 0] += counts.kept }
      }
    }
    try registry.recordOnline(commit: online.store.lastCommit)
  }
  let sets = kept.sorted { $0.key < $1.key }
  switch invocation.form {
  case .json:
    let document: JSON = [
      "source": .string(name), "rows": .count(rows), "dropped": .count(dropped),
      "kept": .object(sets.map { JSON.Member($0.key, .count($0.value)) }),
    ]
    try invocation.output.line(document.text)
  case .text:
    let uses = sets.map { ", \($0.key) kept \($0.value)" }.joined()
    let lost = dropped > 0 ? ", \(dropped) dropped as not expected" : ""
    try invocation.output.line("\(name): \(count(rows, "row")) pushed\(lost)\(uses)")
  }
  return .done
}
