import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletOnline
import MartletParquet
import MartletPlan
import MartletRegistry
import MartletServing
import MartletSources

extension Command {
  /// `martlet push`
  static let push = Command(
    "push", "Append rows to a source; they count in the next answer.",
    about: """
      Reads a file as the source's own are read, or `-`, standard input: JSON Lines where --format says \
      nothing else. Rows are on the disk when this returns, and the next \
      `materialize` brings them to training. A row whose id came before counts once. Where a server \
      holds the online store it is given the rows, with the token in MARTLET_TOKEN if it wants one.
      """,
    operands: [target, input], flags: [rowFormat],
    examples: [
      Example("martlet push transactions today.jsonl"),
      Example("martlet push transactions late.parquet --json"),
      Example("tail -n 100 today.csv | martlet push transactions - --format csv"),
    ],
    run: pushRows)
}

private let target = Operand.required(.text("SOURCE"), "The source that the rows are of.")
private let input = Operand.required(
  .file, "The rows, as Parquet, CSV or JSON Lines; `-` is standard input.")
private let rowFormat = Flag.optional(
  "format", .fileFormat, "How the rows are written, where the name does not say.")

private func pushRows(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, _) = try Project.applied(of: invocation, threads: 1)
  let name = invocation[target]
  guard let plan = project.plan.source(name), let definition = project.definitions.source(name)
  else {
    let near = nearName(to: name, among: project.plan.sources.map(\.name))
    throw CommandError.failed(
      invocation.path.spelled,
      "there is no source `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  var pushed = PushedCounts()
  try withProjectErrors {
    var zone = ZoneRules.utc
    if let name = definition.zone { zone = try project.zones[name] ?? ZoneFiles.rules(of: name) }
    let rowSource = try rows(of: invocation, plan.schema, zone)
    func eachBatch(_ push: (Batch) throws -> Void) throws {
      for stretch in rowSource.stretches(of: Int.max) {
        try rowSource.read(stretch) { batch in
          try invocation.interruption.check()
          try push(batch)
          pushed.rows += batch.rowCount
        }
      }
    }
    try withOnlineStore(of: project, registry, invocation) { online in
      try eachBatch { batch in
        let receipt = try online.push(batch, to: plan)
        pushed.dropped += receipt.verdict.dropped
        for (set, counts) in receipt.counts {
          pushed.kept[set, default: 0] += counts.kept
          pushed.withoutKey[set, default: 0] += counts.withoutKey
        }
      }
      try registry.recordOnline(commit: online.store.lastCommit)
    } there: { server in
      try eachBatch { batch in try pushed.add(batch, to: name, server) }
    }
  }
  let sets = pushed.kept.sorted { $0.key < $1.key }
  let withoutKey = pushed.withoutKey.filter { $0.value > 0 }.sorted { $0.key < $1.key }
  switch invocation.form {
  case .json:
    var members: [JSON.Member] = [
      .init("source", .string(name)), .init("rows", .count(pushed.rows)),
      .init("dropped", .count(pushed.dropped)),
      .init("kept", .object(sets.map { JSON.Member($0.key, .count($0.value)) })),
    ]
    if !withoutKey.isEmpty {
      members.append(
        .init("without_key", .object(withoutKey.map { JSON.Member($0.key, .count($0.value)) })))
    }
    try invocation.output.line(JSON.object(members).text)
  case .text:
    let uses = sets.map { ", \($0.key) kept \($0.value)" }.joined()
    let lost = pushed.dropped > 0 ? ", \(pushed.dropped) dropped as not expected" : ""
    try invocation.output.line("\(name): \(count(pushed.rows, "row")) pushed\(lost)\(uses)")
    for (set, rows) in withoutKey {
      let keys = (project.plan.set(set)?.keys ?? []).map { "`\($0.name)`" }.joined(separator: ", ")
      invocation.talk.say(
        "warning: \(count(rows, "row")) count for nothing in `\(set)`: they have no \(keys)")
    }
  }
  return .done
}

/// The rows of the file, or of standard input, which has no name to tell how they are written.
private func rows(
  of invocation: Invocation, _ schema: Schema, _ zone: ZoneRules
) throws(SourceError) -> any RowSource {
  let path = invocation[input]
  if path == "-" {
    return try RowSources.open(
      BytesInMemory(try StandardInput.bytes()), named: "standard input",
      invocation[rowFormat] ?? FileFormat(.jsonLines), declared: schema, zone: zone)
  }
  guard let format = invocation[rowFormat] else {
    return try RowSources.open(path, declared: schema, zone: zone)
  }
  return try RowSources.open(
    LocalFile(path), named: path, format, declared: schema, zone: zone)
}

/// What became of the rows of a file.
private struct PushedCounts {
  var rows = 0
  var dropped = 0

  /// By set, how many it kept, and how many have no key to ask about them by.
  var kept: [String: Int] = [:]
  var withoutKey: [String: Int] = [:]

  /// Rows in one request, unless they are long.
  private static let rowsInRequest = 10_000
  private static let bytesInRequest = 32 << 20

  /// Gives `rows` to a server, in as many requests as it takes.
  mutating func add(_ rows: Batch, to source: String, _ server: ServerInCharge) throws {
    for start in stride(from: 0, to: rows.rowCount, by: Self.rowsInRequest) {
      let end = min(start + Self.rowsInRequest, rows.rowCount)
      try addAtOnce(rows.slice(start..<end), to: source, server)
    }
  }

  private mutating func addAtOnce(
    _ rows: Batch, to source: String, _ server: ServerInCharge
  ) throws {
    let lines = BodyText.lines(rows)
    if lines.count > Self.bytesInRequest, rows.rowCount > 1 {
      let middle = rows.rowCount / 2
      try addAtOnce(rows.slice(0..<middle), to: source, server)
      return try addAtOnce(rows.slice(middle..<rows.rowCount), to: source, server)
    }
    let body = try server.post(
      "/v1/push/\(source)", "application/x-ndjson", lines, attempting: "pushing to `\(source)`",
      whenUnacceptable: .no)
    guard case .object(let members) = try JSON(reading: String(decoding: body, as: UTF8.self))
    else { return }
    for member in members {
      switch (member.name, member.value) {
      case ("dropped", .int(let count)): dropped += Int(clamping: count)
      case ("kept", .object(let sets)): Self.add(sets, to: &kept)
      case ("without_key", .object(let sets)): Self.add(sets, to: &withoutKey)
      default: break
      }
    }
  }

  private static func add(_ sets: [JSON.Member], to counts: inout [String: Int]) {
    for set in sets {
      if case .int(let count) = set.value { counts[set.name, default: 0] += Int(clamping: count) }
    }
  }
}
