import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletOffline
import MartletParquet
import MartletPlan
import MartletRegistry

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
    operands: [service], flags: [spine, out, time, keys, draft, partial, data, level, threads],
    examples: [
      Example("martlet train fraud_check --spine labels.parquet --out train.parquet"),
      Example(
        "martlet train fraud_check --spine l.parquet --out t.parquet --draft",
        "Try a feature, nothing applied:"),
      Example(
        "martlet train fraud_check --spine l.parquet --out t.parquet --key customer_id=cust",
        "A key by another name:"),
    ],
    run: trainService)
}

private let service = Operand.required(.text("SERVICE"), "The service whose features are wanted.")
private let spine = Flag.required("spine", .file, "The Parquet file of entities and times.")
private let out = Flag.required("out", .path("FILE"), "The Parquet file to write.")
private let time = Flag.optional(
  "time", .text("COLUMN"), "The column of times; else `event_time`, or the only one there is.")
private let keys = Flag.repeated(
  "key", .keyColumn, "Read a key or a given value from a column of another name.")
private let partial = Flag.switch(
  "partial", "Take what is stored, though the spine reaches beyond it.")
private let data = Flag.optional(
  "data", .int(in: 1...Int.max), "Read this version of the data; else the newest.")
private let draft = Flag.switch("draft", "Compute straight from the sources.")
private let level = Flag.value(
  "level", .int(in: Compression.zstdLevels), default: 3, "How hard zstd tries, from 1 to 22.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func trainService(_ invocation: Invocation) throws -> ExitCode {
  let project: Project
  let rows: TrainingRows
  if invocation[draft] {
    project = try Project.opened(of: invocation, threads: invocation[threads])
    rows = .draft(Draft(project))
  } else {
    let applied = try Project.applied(of: invocation, threads: invocation[threads])
    project = applied.project
    rows = .stored(
      try withProjectErrors {
        try StoredData(project, applied.registry, at: invocation[data])
      })
  }
  let name = invocation[service]
  guard let plan = project.plan.service(name) else {
    let near = nearName(to: name, among: project.plan.services.map(\.name))
    throw CommandError.failed(
      invocation.path.spelled,
      "there is no service `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  let spine = try Spine(at: invocation[spine], invocation)
  let times = try spine.times(invocation[time])
  if case .stored(let stored) = rows, !invocation[partial] {
    try stored.refuseGap(of: plan, times, invocation)
  }
  let schema = try spine.schema(with: plan.outputs.map { Field($0.name, $0.type) })
  let mapping = Dictionary(
    invocation[keys].map { ($0.name, $0.column) }, uniquingKeysWith: { _, last in last })
  let (answers, report) = try withProjectErrors {
    try rows.answers(of: plan, at: times) { field in
      try spine.column(mapping[field.name] ?? field.name, for: field, of: name)
    }
  }
  try spine.write(schema, answers.columns, to: invocation[out], level: invocation[level])
  invocation.talk.say(report)
  for (place, output) in plan.outputs.enumerated() {
    var counts = ValueStatus.allCases.map { _ in 0 }
    for status in answers.statuses[place] { counts[Int(status.rawValue)] += 1 }
    let spoken = ValueStatus.allCases.compactMap { status in
      let rows = counts[Int(status.rawValue)]
      return rows > 0 ? "\(rows) \(status)" : nil
    }
    if !spoken.isEmpty {
      invocation.talk.say("\(output.name): " + spoken.joined(separator: ", "))
    }
  }
  invocation.talk.say("\(count(spine.rowCount, "row")) in \(invocation[out])")
  return .done
}

/// Where a training set's features come from.
private enum TrainingRows {
  case draft(Draft)
  case stored(StoredData)

  func answers(
    of service: ServicePlan, at times: Column, caller: (Field) throws -> Column
  ) throws -> (answers: ServiceAnswers, report: DraftReport) {
    switch self {
    case .draft(let draft): try draft.answers(of: service, at: times, caller: caller)
    case .stored(let stored): try stored.answers(of: service, at: times, caller: caller)
    }
  }
}

extension StoredData {
  /// Ends the call where rows ask about moments after the sources were last read: what happened since
  /// would be missing from them without a word.
  fileprivate func refuseGap(
    of service: ServicePlan, _ times: Column, _ invocation: Invocation
  ) throws {
    guard let gap = gap(of: service, at: times) else { return }
    throw CommandError(
      exit: .no, attempt: invocation.path.spelled,
      reason: "\(count(gap.rows, "row")) of the spine lie after \(gap.readAt), "
        + "when `\(gap.set)` was last brought up to date",
      help: [
        "`martlet materialize` reads what is new",
        "`--partial` takes what is stored for all there is",
      ])
  }
}

/// The rows for which a training set is built.
private struct Spine {
  let path: String
  let rows: Batch
  private let workers: Workers

  var rowCount: Int { rows.rowCount }

  init(at path: String, _ invocation: Invocation) throws {
    self.path = path
    workers = invocation[threads].map { Workers(count: $0) } ?? .asManyAsProcessors
    let workers = workers
    let file = try ParquetFile.opened(at: path)
    do {
      var reader = try BatchReader(file, forEach: { workers.forEach($0, $1) })
      var batches: [Batch] = []
      while let batch = try reader.next() {
        try invocation.interruption.check()
        batches.append(batch)
      }
      let columns = try reader.schema.fields.indices.map { place in
        let field = reader.schema.fields[place]
        guard let column = Column.concatenated(batches.map { $0.columns[place] }, of: field.type)
        else {
          throw CommandError.failed(
            "reading `\(path)`", "the column `\(field.name)` holds more than 2 GiB of text")
        }
        return column
      }
      rows = Batch(reader.schema, columns, rowCount: file.rowCount)
      if reader.flooredCount > 0 {
        invocation.talk.say(
          "\(count(reader.flooredCount, "time")) of the spine cut to whole microseconds")
      }
    } catch let error as ParquetError {
      throw CommandError.failed("reading `\(path)`", "\(error)")
    }
  }

  /// When each row asks.
  func times(_ name: String?) throws -> Column {
    let candidates = rows.schema.fields.filter { $0.type == .time }.map(\.name)
    let attempt = "reading `\(path)`"
    if let name {
      guard let column = rows.column(named: name) else {
        throw CommandError.failed(attempt, "there is no column `\(name)`")
      }
      guard column.type == .time else {
        throw CommandError.failed(attempt, "`\(name)` is a column of \(column.type), not of times")
      }
      return column
    }
    let found = candidates.contains("event_time") ? "event_time" : candidates.first
    guard let found, candidates.count == 1 || found == "event_time",
      let column = rows.column(named: found)
    else {
      let names = candidates.map { "`\($0)`" }.joined(separator: ", ")
      throw CommandError.failed(
        attempt, candidates.isEmpty ? "no column holds times" : "several columns hold times",
        help: candidates.isEmpty
          ? "the spine says for each row as of when it asks" : "choose one with `--time`: \(names)")
    }
    return column
  }

  /// The column that a key or a given value is read from.
  func column(_ name: String, for field: Field, of service: String) throws -> Column {
    let attempt = "reading `\(path)`"
    guard let column = rows.column(named: name) else {
      throw CommandError.failed(
        attempt, "there is no column `\(name)`, which `\(service)` needs (\(field.type))",
        help: "where it has another name: `--key \(field.name)=COLUMN`")
    }
    if column.type == field.type { return column }
    if field.type == .double, case .int(let numbers) = column.values {
      let doubles = Buffer((0..<numbers.count).map { Double(numbers[$0]) })
      return Column(.double(doubles), validity: column.validity)
    }
    throw CommandError.failed(
      attempt, "`\(name)` is a column of \(column.type); `\(service)` needs \(field.type)")
  }

  /// The columns of the training set: the spine's, then `features`.
  func schema(with features: [Field]) throws -> Schema {
    if let schema = Schema(rows.schema.fields + features) { return schema }
    let taken = features.first { rows.schema.position(of: $0.name) != nil }?.name ?? ""
    throw CommandError.failed(
      "reading `\(path)`", "it has a column `\(taken)`, as a feature is called",
      help: "`as` in the service gives the feature another name")
  }

  /// Writes the rows with `columns` behind them; the file appears whole or not at all.
  func write(_ schema: Schema, _ columns: [Column], to path: String, level: Int) throws {
    var options = WritingOptions()
    options.compression = .zstd(level: level)
    let workers = workers
    do throws(SystemError) {
      let target = try OutputFile(at: path)
      var writer = ParquetWriter<SystemError>(
        schema, options, forEach: { workers.forEach($0, $1) },
        sink: { (bytes) throws(SystemError) in try target.write(bytes.bytes) })
      try writer.append(Batch(schema, rows.columns + columns, rowCount: rowCount))
      try writer.finish()
      try target.commit()
    } catch {
      throw CommandError.failed("writing `\(path)`", error)
    }
  }
}

/// A name of the service's, and the spine's column that stands for it.
struct KeyColumn: Sendable {
  var name: String
  var column: String
}

extension ValueKind where Value == KeyColumn {
  /// `NAME=COLUMN`.
  static var keyColumn: Self {
    ValueKind(placeholder: "NAME=COLUMN", completion: .nothing) { text throws(WrongValue) in
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex,
        text.index(after: sign) != text.endIndex
      else { throw WrongValue(expected: "a name, `=` and a column, as in `customer_id=cust`") }
      return KeyColumn(
        name: String(text[..<sign]), column: String(text[text.index(after: sign)...]))
    }
  }
}
