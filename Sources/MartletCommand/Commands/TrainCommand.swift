import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletOffline
import MartletParquet
import MartletPlan
import MartletRegistry
import MartletSources

extension Command {
  /// `martlet train`
  static let train = Command(
    "train", "Build a training set: each feature as it was known at each row's time.",
    about: """
      Every row of the spine is kept, in its place, with its columns; a column for each of the \
      service's features follows. They come from what `martlet materialize` stored, with the \
      definitions that are applied. `--draft` computes them straight from the sources with the \
      definitions as they are written, nothing applied and nothing stored.
      """,
    operands: [service],
    flags: [
      spineFile, out, time, keys, label, statuses, split, splitBasis, rowsPerFile, spineFormat,
      outFormat,
      draft, asOf, partial, DataVersion.number, DataVersion.moment, definitions, level, threads,
    ],
    examples: [
      Example("martlet train fraud_check --spine labels.parquet --out train.parquet"),
      Example(
        "martlet train fraud_check --spine l.parquet --out t.parquet --draft",
        "Try a feature, nothing applied:"),
      Example(
        "martlet train fraud_check --spine l.csv --out t.csv --key customer_id=cust",
        "A key by another name:"),
    ],
    run: trainService)
}

private let service = Operand.required(.text("SERVICE"), "The service whose features are wanted.")
private let spineFile = Flag.required(
  "spine", .file,
  "The file of entities and times: Parquet, CSV or JSON Lines by its ending, or `-` for standard input."
)
private let out = Flag.required(
  "out", .path("FILE"),
  "The file to write: Parquet, CSV or JSON Lines by its ending, a folder, or `-` for standard output."
)
private let label = Flag.optional(
  "label", .text("COLUMN"), "The column to be predicted: features that alone tell it are named.")
private let statuses = Flag.switch(
  "statuses", "Add a column for each feature set, with a letter for each of its values' statuses.")
private let split = Flag.optional(
  "split", .trainingSplit, "Deal the rows to a file for each part, the same way every time.")
private let splitBasis = Flag.value(
  "split-by", .splitBasis, default: .entity,
  "Deal by entity, all rows of one to one part, or by time, the earliest to the first.")
private let rowsPerFile = Flag.value(
  "rows-per-file", .int(in: 1...Int.max), default: 1_000_000,
  "In a folder, begin another file after so many rows.")
private let asOf = Flag.value(
  "as-of", .asOfClock, default: .known,
  "See rows from the time on that they became known, as serving does, or that they happened.")
private let spineFormat = Flag.optional(
  "spine-format", .fileFormat, "How the spine is written, where its name does not say.")
private let outFormat = Flag.optional(
  "format", .fileFormat, "How the training set is written, where its name does not say.")
private let time = Flag.optional(
  "time", .text("COLUMN"), "The column of times; else `event_time`, or the only one there is.")
private let keys = Flag.repeated(
  "key", .keyColumn, "Read a key or a given value from a column of another name.")
private let partial = Flag.switch(
  "partial", "Take what is stored, though the spine reaches beyond it.")
private let definitions = Flag.optional(
  "definitions", .int(in: 1...Int.max), "Use this version of the definitions; else the current.")
private let draft = Flag.switch("draft", "Compute straight from the sources.")
private let level = Flag.value(
  "level", .int(in: Compression.zstdLevels), default: 1, "How hard zstd tries, from 1 to 22.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func trainService(_ invocation: Invocation) throws -> ExitCode {
  let (project, rows, opened) = try TrainingRows.opened(
    of: invocation, isDraft: invocation[draft], definitions: invocation[definitions],
    threads: invocation[threads]
  ) { registry in
    try invocation.dataVersion(in: registry)
  }
  var recorder = opened
  recorder?.readSpine(invocation[spineFile], Workers(of: invocation[threads]))
  let plan = try project.service(invocation[service], for: invocation)
  let training = try Training(plan, rows, invocation)
  let report = try invocation.showingRowsRead("building `\(plan.name)`") {
    try training.write(in: project) { try recorder?.notes(of: plan) ?? [] }
  }
  try recorder?.record(.train, plan, report, identity: try training.identity())
  switch invocation.form {
  case .text: invocation.talk.say(report, columns: invocation.terminal.talk.columns)
  case .json: try invocation.output.line(report.json.text)
  }
  return .done
}

/// The building of one training set.
private struct Training {
  let service: ServicePlan
  let rows: TrainingRows
  let invocation: Invocation
  let spine: Spine
  let output: TrainingOutput
  let workers: Workers

  /// For each of the service's keys and given values, the spine's column that stands for it.
  let mapping: [String: String]

  init(_ service: ServicePlan, _ rows: TrainingRows, _ invocation: Invocation) throws {
    self.service = service
    self.rows = rows
    self.invocation = invocation
    workers = Workers(of: invocation[threads])
    output = try TrainingOutput(at: invocation[out], invocation[outFormat])
    if output.isStandardOutput, invocation[split] != nil || invocation.form == .json {
      throw CommandError.usage(
        invocation.path, "standard output takes one table, and nothing beside it")
    }
    mapping = Dictionary(
      invocation[keys].map { ($0.name, $0.column) }, uniquingKeysWith: { _, last in last })
    var wanted: [String: ColumnType] = [:]
    for field in service.keys + service.given {
      wanted[mapping[field.name] ?? field.name] = field.type
    }
    if let time = invocation[time] { wanted[time] = .time }
    spine = try Spine(
      at: invocation[spineFile], invocation[spineFormat], wanted: wanted, to: output.kind, workers,
      invocation)
  }

  /// Answers the spine's rows and writes them, a stretch after the other; returns what there is to say.
  ///
  ///     join       ▒▒▒▒▒▒▒▒▒▒▒▒▒
  ///     spine      ▒▒▒▒ ╲                    read meanwhile, to be carried
  ///     files            ▒▒▒▒▒▒▒▒▒▒▒▒
  ///     summaries        ▒▒▒▒▒▒              worked out meanwhile
  func write(
    in project: Project, notes: () throws -> [(key: String, value: String)]
  ) throws -> TrainingReport {
    let timeColumn = try spine.timeColumn(invocation[time])
    let stretches = spine.stretches(of: rowsAtATime)
    let asked = (service.keys + service.given).map { mapping[$0.name] ?? $0.name } + [timeColumn]
    try stretches.first?.readAhead(asked)
    if case .stored(let stored) = rows, !invocation[partial] {
      try stored.refuseGap(of: service, stretches, timeColumn, invocation)
    }
    let parts = try parts(timeColumn)
    try parts.refuseToReplace(invocation[spineFile], of: project)
    let names = service.outputs.map(\.name)
    var files: TrainingFiles?
    var summaries = Aside(isApart: false) { [service] in FeatureSummary.all(of: service) }
    var found: SpineStatistics?
    var ahead: [Int]?
    var sample = LeakSample(of: spine.rowCount)
    var variety = LabelVariety()
    for stretch in stretches {
      let stretch = stretch.keepingColumns()
      try stretch.readAhead(asked)
      let keys = try service.keys.map { try column(for: $0, in: stretch) }
      let times = try stretch.times(timeColumn)
      let kind = output.kind
      let reading = Aside(isApart: isApart) { try stretch.carried(to: kind) }
      let (answers, report) = try withProjectErrors {
        try rows.answers(of: service, at: times, by: invocation[asOf]) {
          try column(for: $0, in: stretch)
        }
      }
      let before = summaries
      summaries = Aside(isApart: isApart) {
        var summaries = try before.value()
        FeatureSummary.add(answers, to: &summaries)
        return summaries
      }
      if let more = try countAhead(answers, times, stretch) {
        ahead = ahead.map { zip($0, more).map { $0 + $1 } } ?? more
      }
      let (carried, stored) = try reading.value()
      let table = try table(carried, answers)
      let open = try files ?? self.files(of: parts, table.schema, stored, notes())
      if files == nil { invocation.talk.say(report) }
      files = open
      try open.append(table)
      let more = SpineStatistics(
        keys: keys, times: times, now: .now, duplicateCount: report.repeatCount)
      if found == nil { found = more } else { found?.merge(more) }
      if let label = try predicted(in: stretch) {
        sample.add(label: label, answers.columns)
        variety.add(label)
      }
      // What is summarized is in memory until then.
      _ = try summaries.value()
    }
    try files?.commit()
    guard let found else { preconditionFailure("a spine has a stretch, be it empty") }
    return TrainingReport(
      service: service.name, spine: found, features: try summaries.value().map(\.statistics),
      aheadOfServing: ahead, label: invocation[label], leaks: sample.leaks(names),
      labelSameness: variety.sameness,
      files: parts.map { ($0.path == "-" ? "standard output" : $0.path, $0.rows.count) },
      content: try files?.content(), waiting: try waitingFiles())
  }

  /// Files that could have been read; older data leaves newer files out on purpose.
  private func waitingFiles() throws -> [WaitingFiles] {
    guard !invocation.namesData else { return [] }
    return try withProjectErrors { try rows.waitingFiles(of: service) }
  }

  /// Whether there is a thread beside the caller's.
  private var isApart: Bool { workers.count > 1 }

  /// Whether nothing is recorded.
  private var isDraft: Bool { if case .draft = rows { true } else { false } }

  /// How many rows of the spine are worked on at a time: as many as fit the memory, with their answers
  /// on the way from the join to their places, and those of the rows before that wait to be written.
  private var rowsAtATime: Int {
    let bytesPerRow = 240 + 48 * service.outputs.count + 24 * spine.fields.count
    return max(1, (invocation.memoryInBytes / bytesPerRow) >> 12) << 12
  }

  /// The rows of `spine` with the features behind them.
  private func table(_ spine: Batch, _ answers: ServiceAnswers) throws -> Batch {
    var features = service.outputs.map { Field($0.name, $0.type) }
    var columns = answers.columns
    if invocation[statuses] {
      let added = StatusColumns.columns(service, answers)
      features += added.fields
      columns += added.columns
    }
    let schema = try schema(spine.schema, with: features)
    return Batch(schema, spine.columns + columns, rowCount: spine.rowCount)
  }

  private func files(
    of parts: [TrainingOutput.Part], _ schema: Schema, _ stored: [String: StoredColumn],
    _ notes: [(key: String, value: String)]
  ) throws -> TrainingFiles {
    var options = WritingOptions()
    options.compression = .zstd(level: invocation[level])
    options.leastSaving = WritingOptions.leastSavingOfValues
    // A file is hashed a group behind: what is left to hash at its end is one of them.
    options.rowsPerGroup = 1 << 18
    options.stored = stored
    options.notes = notes
    return try output.files(
      of: parts, schema, options, isHashed: !isDraft, workers, invocation)
  }

  /// The spine's columns that tell its rows apart: the keys and the time.
  func identity() throws -> [String] {
    service.keys.map { mapping[$0.name] ?? $0.name } + [try spine.timeColumn(invocation[time])]
  }

  /// For each output, how many values serving could not have had: those that differ when rows are seen
  /// from the time on that they became known. `nil` where they are.
  private func countAhead(
    _ answers: ServiceAnswers, _ times: Column, _ stretch: Spine
  ) throws -> [Int]? {
    guard invocation[asOf] == .event else { return nil }
    let (known, _) = try withProjectErrors {
      try rows.answers(of: service, at: times, by: .known) { try column(for: $0, in: stretch) }
    }
    return service.outputs.indices.map { place in
      let (columns, other) = (answers.columns[place], known.columns[place])
      return (0..<stretch.rowCount).count { row in
        answers.statuses[place][row] != known.statuses[place][row]
          || columns.slice(row..<row + 1) != other.slice(row..<row + 1)
      }
    }
  }

  private func column(for field: Field, in spine: Spine) throws -> Column {
    try spine.column(mapping[field.name] ?? field.name, for: field, of: service.name)
  }

  private func parts(_ timeColumn: String) throws -> [TrainingOutput.Part] {
    guard let split = invocation[split] else {
      return output.parts(rowCount: spine.rowCount, rowsPerFile: invocation[rowsPerFile])
    }
    let keys = try service.keys.map { try column(for: $0, in: spine) }
    let dealt = split.rows(
      by: invocation[splitBasis], keys: keys, times: try spine.times(timeColumn))
    return output.parts(of: zip(split.parts, dealt).map { ($0.name, $1) })
  }

  /// The columns of the training set: the spine's, then `features`.
  private func schema(_ spine: Schema, with features: [Field]) throws -> Schema {
    if let schema = Schema(spine.fields + features) { return schema }
    let taken = features.first { spine.position(of: $0.name) != nil }?.name ?? ""
    throw CommandError.failed(
      "reading `\(self.spine.path)`", "it has a column `\(taken)`, as a feature is called",
      help: "`as` in the service gives the feature another name")
  }

  /// The column that is to be predicted; `nil` where none is named.
  private func predicted(in spine: Spine) throws -> Column? {
    guard let name = invocation[label] else { return nil }
    guard let column = try spine.column(named: name) else {
      throw CommandError.failed("reading `\(spine.path)`", "there is no column `\(name)`")
    }
    return column
  }
}

extension [TrainingOutput.Part] {
  /// Ends the call where a file would be written over one that it is made of.
  fileprivate func refuseToReplace(_ spine: String, of project: Project) throws {
    for part in self {
      guard let file = FileNumber(of: part.path) else { continue }
      let attempt = "writing `\(part.path)`"
      if file == FileNumber(of: spine) {
        throw CommandError.failed(
          attempt, "it is the spine", help: "the training set could not be built again without it")
      }
      if let source = project.source(holding: part.path) {
        throw CommandError.failed(attempt, "it holds rows of the source `\(source)`")
      }
    }
  }
}

extension StoredData {
  /// Ends the call where rows ask about moments after the sources were last read: what happened since
  /// would be missing from them without a word.
  fileprivate func refuseGap(
    of service: ServicePlan, _ stretches: [Spine], _ timeColumn: String, _ invocation: Invocation
  ) throws {
    let gaps = try stretches.compactMap { gap(of: service, at: try $0.times(timeColumn)) }
    guard let gap = gaps.first else { return }
    let rows = gaps.reduce(0) { $0 + $1.rows }
    throw CommandError(
      exit: .no, attempt: invocation.path.spelled,
      reason:
        "\(count(rows, "row")) of the spine \(rows == 1 ? "lies" : "lie") after \(gap.readAt), "
        + "when `\(gap.set)` was last brought up to date",
      help: [
        "`martlet materialize` reads what is new",
        "`--partial` takes what is stored for all there is",
      ])
  }
}
