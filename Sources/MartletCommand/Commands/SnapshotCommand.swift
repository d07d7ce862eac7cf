import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletParquet
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet snapshot`
  static let snapshot = Command(
    "snapshot", "Write every entity's features as of one moment, for scoring in bulk.",
    about: """
      A row for each entity that has a row in what is stored, in the order of keys: the keys, the \
      moment, the features. It is recorded as training sets are. `--draft` computes it straight from \
      the sources with the definitions as they are written, nothing applied and nothing recorded.
      """,
    operands: [service],
    flags: [
      out, moment, statuses, draft, DataVersion.number, DataVersion.moment,
      definitions, level, threads,
    ],
    examples: [
      Example("martlet snapshot fraud_check --out today.parquet"),
      Example("martlet snapshot fraud_check --at 2025-01-31 --out january.parquet"),
    ],
    run: writeSnapshot)
}

private let service = Operand.required(.text("SERVICE"), "The service whose features are wanted.")
private let out = Flag.required(
  "out", .path("FILE"), "The file to write: Parquet, CSV or JSON Lines by its ending, or a folder.")
private let moment = Flag.optional("at", .instant, "As of this moment; else now.")
private let statuses = Flag.switch(
  "statuses", "Add a column for each feature set, with a letter for each of its values' statuses.")
private let draft = Flag.switch("draft", "Compute straight from the sources.")
private let definitions = Flag.optional(
  "definitions", .int(in: 1...Int.max), "Use this version of the definitions; else the current.")
private let level = Flag.value(
  "level", .int(in: Compression.zstdLevels), default: 1, "How hard zstd tries, from 1 to 22.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func writeSnapshot(_ invocation: Invocation) throws -> ExitCode {
  let (project, rows, recorder) = try TrainingRows.opened(
    of: invocation, isDraft: invocation[draft], definitions: invocation[definitions],
    threads: invocation[threads]
  ) { try invocation.dataVersion(in: $0) }
  let plan = try project.service(invocation[service], for: invocation)
  guard plan.given.isEmpty else {
    throw CommandError.failed(
      invocation.path.spelled,
      "`\(plan.name)` needs what only a caller knows: "
        + plan.given.map { "`\($0.name)`" }.joined(separator: ", "),
      help: "`martlet train` takes it from a spine")
  }
  let workers = Workers(of: invocation[threads])
  let at = invocation[moment] ?? .now
  let output = try TrainingOutput(at: invocation[out], nil)
  let keys = try invocation.showingRowsRead("looking for entities") {
    try withProjectErrors { try rows.entities(of: plan, at: at) }
  }
  let rowCount = keys.first?.count ?? 0
  let times = Column(.time(Buffer(repeating: at.microseconds, count: rowCount)))
  let (answers, read) = try invocation.showingRowsRead("answering `\(plan.name)`") {
    try withProjectErrors {
      try rows.answers(of: plan, at: times, by: .known) { field in
        guard let place = plan.keys.firstIndex(where: { $0.name == field.name }) else {
          preconditionFailure("`\(field.name)` is no key")
        }
        return keys[place]
      }
    }
  }
  var fields = plan.keys + [Field("event_time", .time)]
  fields += plan.outputs.map { Field($0.name, $0.type) }
  var columns = keys + [times] + answers.columns
  if invocation[statuses] {
    let added = StatusColumns.columns(plan, answers)
    fields += added.fields
    columns += added.columns
  }
  guard let schema = Schema(fields) else {
    throw CommandError.failed(
      invocation.path.spelled, "a feature is called as a key is, or `event_time`",
      help: "`as` in the service gives it another name")
  }
  var options = WritingOptions()
  options.compression = .zstd(level: invocation[level])
  options.leastSaving = WritingOptions.leastSavingOfValues
  // A file is hashed a group behind: what is left to hash at its end is one of them.
  options.rowsPerGroup = 1 << 18
  options.notes = try recorder?.notes(of: plan) ?? []
  let parts = output.parts(rowCount: rowCount, rowsPerFile: 1_000_000)
  let summaries = Aside(isApart: workers.count > 1) {
    var summaries = FeatureSummary.all(of: plan)
    FeatureSummary.add(answers, to: &summaries)
    return summaries.map(\.statistics)
  }
  let files = try output.files(
    of: parts, schema, options, isHashed: recorder != nil, workers, invocation)
  try files.append(Batch(schema, columns, rowCount: rowCount))
  try files.commit()
  invocation.talk.say(read)
  let report = TrainingReport(
    service: plan.name,
    spine: SpineStatistics(keys: keys, times: times, now: .now, duplicateCount: 0),
    features: try summaries.value(), label: nil,
    leaks: [], files: parts.map { ($0.path, $0.rows.count) }, content: try files.content(),
    waiting: try withProjectErrors {
      !invocation.namesData ? try rows.waitingFiles(of: plan) : []
    })
  try recorder?.record(.snapshot, plan, report, identity: plan.keys.map(\.name), at: at)
  switch invocation.form {
  case .text: invocation.talk.say(report, columns: invocation.terminal.talk.columns)
  case .json: try invocation.output.line(report.json.text)
  }
  return .done
}
