import Glibc
import Martlet
import MartletDiagnostics
import MartletLanguage
import MartletOffline
import MartletSources

extension Command {
  /// `martlet init`
  static let initialize = Command(
    "init", "Begin a project: a folder with definitions that compile.",
    about: """
      With --from, of the files that are named: their sources, the entities that their rows seem to be \
      about, and first feature sets to go on from. Without it, a small example with its data. Nothing \
      that is there already is touched.
      """,
    operands: [folder], flags: [files],
    examples: [
      Example("martlet init shop"),
      Example("martlet init --from data/orders.csv --from \"data/customers/*.parquet\""),
    ],
    run: beginProject)
}

private let folder = Operand.optional(.folder, "The project's folder; without it, this one.")
private let files = Flag.repeated(
  "from", .file, "A file to describe, or a pattern in quotes; may be repeated.")

private func beginProject(_ invocation: Invocation) throws -> ExitCode {
  let folder = invocation[folder] ?? "."
  let definitions = "\(folder)/featuredefs"
  try makeFolder(folder)
  try makeFolder(definitions)
  guard try DefinitionFiles.paths(below: definitions).isEmpty else {
    throw CommandError.failed(
      invocation.path.spelled, "`\(definitions)` has definitions already",
      help: "`martlet describe FILE` writes a source to add to them")
  }
  var written: [String] = []
  var paths = invocation[files]
  if paths.isEmpty {
    try makeFolder("\(folder)/data")
    let sample = "\(folder)/data/orders.csv"
    if access(sample, F_OK) != 0 {
      try write(sampleOrders, to: sample)
      written.append(sample)
    }
    paths = [sample]
  }
  var sources: [SourceDraft] = []
  for path in paths {
    try invocation.interruption.check()
    sources.append(
      try SourceDraft.of(path, writtenAs: asSeen(path, from: folder), rowLimit: 100_000))
  }
  let draft = ProjectDraft(sources.withNamesOfTheirOwn)
  let path = "\(definitions)/definitions.martlet"
  try write(draft.text, to: path)
  written.append(path)
  return try report(written, draft, at: path, invocation)
}

/// Says what was written, and what the compiler has to say of it.
private func report(
  _ written: [String], _ draft: ProjectDraft, at path: String, _ invocation: Invocation
) throws -> ExitCode {
  let texts = TextFiles([TextFile(path: path, text: draft.text)])
  let program = compile(texts, knowing: ZoneFiles.names)
  switch invocation.form {
  case .text:
    for path in written { try invocation.output.line(path) }
    let drawing = DiagnosticDrawing(of: texts, paint: invocation.paint)
    for finding in program.findings { try invocation.output.line("\n" + drawing.draw(finding)) }
    if let set = draft.sets.first, program.findings.isEmpty {
      let at = invocation[files].isEmpty ? " --at 2025-04-01" : ""
      invocation.talk.say("`martlet preview \(set)\(at)` shows first values")
    }
  case .json:
    let document: JSON = [
      "written": .strings(written), "feature_sets": .strings(draft.sets),
      "findings": .array(program.findings.map { $0.json(in: texts) }),
    ]
    try invocation.output.line(document.text)
  }
  return .done
}

private func makeFolder(_ path: String) throws(CommandError) {
  guard mkdir(path, 0o777) == 0 || errno == EEXIST && isFolder(path) else {
    throw CommandError.failed("making the folder `\(path)`", SystemError.last)
  }
}

private func write(_ text: String, to path: String) throws(CommandError) {
  do throws(SystemError) {
    let output = try OutputFile(at: path)
    let bytes = Array(text.utf8)
    try output.write(bytes.span.bytes)
    try output.commit()
  } catch {
    throw CommandError.failed("writing `\(path)`", error)
  }
}

/// How definitions of the project in `folder` name `path`: relative to the project where it lies in it.
private func asSeen(_ path: String, from folder: String) -> String {
  // A pattern is no path that could be resolved, but the folder that it begins with is.
  let wild = path.firstIndex { "*?[".contains($0) } ?? path.endIndex
  let slash = path[..<wild].lastIndex(of: "/")
  let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  let rest = slash.map { path[path.index(after: $0)...] } ?? path[...]
  guard let above = realpath(parent, nil), let top = realpath(folder, nil) else { return path }
  defer {
    free(above)
    free(top)
  }
  let absolute = "\(String(cString: above))/\(rest)"
  let inside = String(cString: top) + "/"
  return absolute.hasPrefix(inside) ? String(absolute.dropFirst(inside.count)) : absolute
}

extension [SourceDraft] {
  /// The same, those of one name told apart by numbers.
  fileprivate var withNamesOfTheirOwn: [SourceDraft] {
    var counts: [String: Int] = [:]
    return map { draft in
      counts[draft.name, default: 0] += 1
      guard let count = counts[draft.name], count > 1 else { return draft }
      return draft.renamed("\(draft.name)_\(count)")
    }
  }
}

/// Forty orders of seven customers, in one month.
private var sampleOrders: String {
  var text = "order_id,customer_id,amount,status,ordered_at\n"
  for number in 0..<40 {
    let customer = "c\(number * number % 7 + 1)"
    let cents = (number * 373 + 999) % 9_000 + 500
    let amount = "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    let status = number % 9 == 4 ? "returned" : "paid"
    let (day, hour) = (number * 7 / 10 + 1, number * 5 % 24)
    let moment = "2025-03-\(day < 10 ? "0" : "")\(day)T\(hour < 10 ? "0" : "")\(hour):15:00Z"
    text += "\(number + 1),\(customer),\(amount),\(status),\(moment)\n"
  }
  return text
}
