import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet sets`
  static let trainingSets = Command(
    "sets", "Look at training sets that were built, and build them again.",
    commands: [setsList, setsShow, setsDiff, setsVerify, setsRebuild, setsExport])

  /// `martlet sets list`
  private static let setsList = Command(
    "list", "List the training sets, the newest first.",
    examples: [Example("martlet sets list"), Example("martlet sets list --json")],
    run: listSets)

  /// `martlet sets show`
  private static let setsShow = Command(
    "show", "Show what a training set was built from, and what it holds.",
    operands: [wantedSet], examples: [Example("martlet sets show 3")], run: showSet)

  /// `martlet sets verify`
  private static let setsVerify = Command(
    "verify", "Compare a training set's file with what was recorded when it was built.",
    about: "Exits with 1 where the bytes are others, or the file is gone.",
    operands: [wantedSet], examples: [Example("martlet sets verify 3")], run: verifySet)

  /// `martlet sets rebuild`
  private static let setsRebuild = Command(
    "rebuild", "Build a training set again, and see that it has the same bytes.",
    about: """
      Uses the definitions, the version of the data and the spine that it was built from. Exits with \
      1 where the bytes are others.
      """,
    operands: [wantedSet], flags: [out, spine],
    examples: [Example("martlet sets rebuild 3 --out again.parquet")], run: rebuildSet)
}

private let wantedSet = Operand.required(.int(in: 1...Int.max), "The training set's number.")
private let out = Flag.required("out", .path("FILE"), "The file to write.")
private let spine = Flag.optional("spine", .file, "Where the spine lies now, if not where it was.")

private func listSets(_ invocation: Invocation) throws -> ExitCode {
  let sets = try withProjectErrors { try Registry.ifThere(of: invocation)?.trainingSets() ?? [] }
  switch invocation.form {
  case .json: for set in sets { try invocation.output.line(set.json.text) }
  case .text:
    if sets.isEmpty { return try invocation.saying("no training set was built yet") }
    var table = Table(
      .right("Set"), .left("Service"), .left("Built"), .right("Rows"), .right("Definitions"),
      .right("Data"), .left("File"))
    for set in sets {
      table.append(
        "\(set.number)", set.service, "\(set.createdAt)", "\(set.rowCount)", "\(set.version)",
        "\(set.data)", set.path)
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return .done
}

private func showSet(_ invocation: Invocation) throws -> ExitCode {
  let set = try TrainingSetRecord.wanted(by: invocation)
  switch invocation.form {
  case .json: try invocation.output.line(set.json.text)
  case .text:
    let lines = [
      "training set \(set.number) of `\(set.service)`, \(count(set.rowCount, "row"))",
      "built \(set.createdAt) by \(set.author)",
      "definitions version \(set.version), data version \(set.data)",
      set.kind == .train ? "spine \(set.spine) (\(set.spineContent.hexadecimal))" : "a snapshot",
      "file \(set.path) (\(set.content.hexadecimal))",
      "sets " + set.sets.map(\.name).joined(separator: ", "),
    ]
    for line in lines { try invocation.output.line(line) }
    for line in JSON.outline(of: set.report) { try invocation.output.line(line) }
  }
  return .done
}

private func verifySet(_ invocation: Invocation) throws -> ExitCode {
  let set = try TrainingSetRecord.wanted(by: invocation)
  let files = set.files
  if let missing = files.first(where: { access($0, F_OK) != 0 }) {
    try invocation.output.line("`\(missing)` is gone; `martlet sets rebuild` makes it again")
    return .no
  }
  let isSame = try TrainingRecorder.content(of: files, invocation) == set.content
  try invocation.output.line(
    isSame ? "as it was built" : "its bytes are not those that were built")
  return isSame ? .done : .no
}

private func rebuildSet(_ invocation: Invocation) throws -> ExitCode {
  let set = try TrainingSetRecord.wanted(by: invocation)
  let attempt = "rebuilding training set \(set.number)"
  guard let registry = try Registry.ifThere(of: invocation) else { return .no }
  for name in set.sets {
    let pruned = try withProjectErrors { try registry.prunedCount(of: name, at: set.data) }
    guard pruned == 0 else {
      throw CommandError.failed(
        attempt, "\(count(pruned, "segment")) of `\(name.name)` were pruned since")
    }
  }
  var words =
    set.words + ["--data", "\(set.data)", "--definitions", "\(set.version)"]
  if set.kind == .train {
    words.append("--partial")
    let path = invocation[spine] ?? set.spine
    guard !path.isEmpty else {
      throw CommandError.failed(
        attempt, "its spine came through standard input", help: "`--spine FILE` says where it is")
    }
    guard try TrainingRecorder.content(of: [path], invocation) == set.spineContent else {
      throw CommandError.failed(attempt, "`\(path)` is not the spine that it was built from")
    }
    words += ["--spine", path]
  }
  words += ["--out", invocation[out]]
  if let project = invocation.settings.project.value { words += ["--project", project] }
  if let store = invocation.settings.store.value { words += ["--store", store] }
  let exit = try invocation.run(words)
  guard exit == .done else { return exit }
  let newest = try withProjectErrors { try registry.trainingSets().first }
  let isSame = newest?.content == set.content
  invocation.talk.say(
    isSame ? "the same bytes as training set \(set.number)" : "the bytes are others")
  return isSame ? .done : .no
}

extension Invocation {
  /// Runs another command in this one's place.
  func run(_ words: [String]) throws -> ExitCode {
    guard
      case .run(let path, let action, let values) =
        try CommandLineParser(root: .martlet).parse(words)
    else { return .wrongUsage }
    return try action.run(
      Invocation(
        path: path, words: words, values: values, environment: environment, terminal: terminal,
        output: output, talk: talk, interruption: interruption))
  }
}

extension TrainingSetRecord {
  /// The training set that a call names.
  fileprivate static func wanted(by invocation: Invocation) throws -> TrainingSetRecord {
    try numbered(invocation[wantedSet], invocation)
  }

  /// Training set `wanted`.
  static func numbered(_ wanted: Int, _ invocation: Invocation) throws -> TrainingSetRecord {
    let sets = try withProjectErrors { try Registry.ifThere(of: invocation)?.trainingSets() ?? [] }
    guard let set = sets.first(where: { $0.number == wanted }) else {
      throw CommandError.failed(
        invocation.path.spelled, "there is no training set \(wanted)",
        help: "`martlet sets list` lists them")
    }
    return set
  }

  /// The words of the call that built it, but for where it read and wrote.
  fileprivate var words: [String] { texts("words") }

  /// The files that it was written to.
  var files: [String] { texts("files") }

  /// The columns that tell its rows apart; none of one that was built before these were recorded.
  var identity: [String] { texts("identity") }

  private func texts(_ name: String) -> [String] {
    // Options are ours; what could not be read would be told by the call that they make.
    guard case .object(let members) = try? JSON(reading: options),
      case .array(let texts) = members.first(where: { $0.name == name })?.value
    else { return [] }
    return texts.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  var json: JSON {
    [
      "set": .count(number), "kind": .string(kind.rawValue), "service": .string(service),
      "definitions": .count(version), "data": .count(data), "created_at": .string("\(createdAt)"),
      "author": .string(author), "spine": .string(spine),
      "spine_sha256": .string(spineContent.hexadecimal), "file": .string(path),
      "sha256": .string(content.hexadecimal), "rows": .count(rowCount),
      "sets": .strings(sets.map(\.name)),
      "report": (try? JSON(reading: report)) ?? .string(report),  // what it says, if it can be read
    ]
  }
}
