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
      about, and first feature sets to go on from. Without it, a small shop with a month of orders, to try \
      every command on. Nothing that is there already is touched.
      """,
    operands: [folder], flags: [files],
    examples: [
      Example("martlet init demo", "A shop to try every command on:"),
      Example(
        "martlet init --from data/orders.csv --from \"data/customers/*.parquet\"",
        "From your own files:"),
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
  if invocation[files].isEmpty { return try beginSample(in: folder, invocation) }
  var sources: [SourceDraft] = []
  for path in invocation[files] {
    try invocation.interruption.check()
    sources.append(
      try SourceDraft.of(path, writtenAs: asSeen(path, from: folder), rowLimit: 100_000))
  }
  let draft = ProjectDraft(sources.withNamesOfTheirOwn)
  let path = "\(definitions)/definitions.martlet"
  try write(draft.text, to: path)
  let next = draft.sets.first.map { ["martlet preview \($0)"] } ?? []
  return try report(
    [path], [TextFile(path: path, text: draft.text)], draft.sets, next: next, invocation)
}

/// Writes the sample, with data of the last days.
private func beginSample(in folder: String, _ invocation: Invocation) throws -> ExitCode {
  try makeFolder("\(folder)/data")
  let sample = SampleProject(asOf: .now)
  var written: [TextFile] = []
  for file in sample.files {
    let path = "\(folder)/\(file.path)"
    if access(path, F_OK) == 0 { continue }
    try write(file.text, to: path)
    written.append(TextFile(path: path, text: file.text))
  }
  let enter = folder == "." ? [] : ["cd \(folder)"]
  return try report(
    written.map(\.path), written.filter { $0.path.hasSuffix(".martlet") },
    [SampleProject.set], next: enter + SampleProject.firstCommands, invocation)
}

/// Says what was written, what the compiler has to say of it, and how to go on.
private func report(
  _ written: [String], _ definitions: [TextFile], _ sets: [String], next: [String],
  _ invocation: Invocation
) throws -> ExitCode {
  let texts = TextFiles(definitions)
  let program = compile(texts, knowing: ZoneFiles.names)
  switch invocation.form {
  case .text:
    for path in written { try invocation.output.line(path) }
    let drawing = DiagnosticDrawing(of: texts, paint: invocation.paint)
    for finding in program.findings { try invocation.output.line("\n" + drawing.draw(finding)) }
    guard program.findings.isEmpty, !next.isEmpty else { break }
    try invocation.output.flush()  // what comes next is said last
    invocation.talk.say("next:")
    for command in next { invocation.talk.say("  \(command)") }
  case .json:
    let document: JSON = [
      "written": .strings(written), "feature_sets": .strings(sets),
      "findings": .array(program.findings.map { $0.json(in: texts) }), "next": .strings(next),
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
