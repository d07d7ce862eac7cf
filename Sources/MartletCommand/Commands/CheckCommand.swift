import MartletDiagnostics
import MartletLanguage

extension Command {
  /// `martlet check`
  static let check = Command(
    "check", "Compile the definitions and say everything that is wrong with them.",
    about: """
      Reads all files below featuredefs/ as one program. Errors end it with exit code 1; warnings \
      do not, unless --strict is given. With --watch it goes on, and checks again whenever a file \
      changes, until Ctrl-C ends it.
      """,
    flags: [strict, limit, watch],
    examples: [
      Example("martlet check"), Example("martlet check --strict --json", "For a pipeline:"),
    ],
    run: checkDefinitions)
}

private let strict = Flag.switch("strict", "Warnings count as errors.")
private let limit = Flag.value(
  "limit", short: "n", .int(in: 0...Int.max), default: 100,
  "Show at most this many findings; 0 shows all.")

private let watch = Flag.switch("watch", short: "w", "Check again whenever a file changes.")

private func checkDefinitions(_ invocation: Invocation) throws -> ExitCode {
  guard invocation[watch] else { return try checkOnce(invocation) }
  var watched = DefinitionsWatch(of: invocation)
  while true {
    do { _ = try checkOnce(invocation) } catch let error as CommandError {
      // An editor may be just writing; whatever is wrong now may be right with the next change.
      invocation.talk.report(error, in: invocation.form)
    }
    try invocation.output.flush()
    try watched.waitForChange()
    if invocation.form == .text { try invocation.output.line("") }
  }
}

private func checkOnce(_ invocation: Invocation) throws -> ExitCode {
  let files = try DefinitionFiles.read(of: invocation, attempting: "martlet check")
  let program = invocation.compile(files)
  let errorCount = program.findings.count { $0.severity == .error }
  let warningCount = program.findings.count - errorCount
  let isFine = errorCount == 0 && (warningCount == 0 || !invocation[strict])
  let definitions = program.value.definitions
  let counts = [
    ("file", files.count), ("entity", definitions.entities.count),
    ("source", definitions.sources.count), ("feature set", definitions.featureSets.count),
    ("feature", definitions.featureSets.reduce(0) { $0 + $1.features.count }),
    ("service", definitions.services.count),
  ]
  let shown =
    invocation[limit] == 0 ? program.findings[...] : program.findings.prefix(invocation[limit])
  switch invocation.form {
  case .text:
    let drawing = DiagnosticDrawing(of: files, paint: invocation.paint)
    for finding in shown { try invocation.output.line(drawing.draw(finding)) }
    if shown.count < program.findings.count {
      try invocation.output.line(
        "and \(count(program.findings.count - shown.count, "more finding")); `--limit 0` shows all\n"
      )
    }
    if program.findings.isEmpty {
      let parts = counts.map { count($0.1, $0.0) }
      try invocation.output.line("no findings in " + parts.joined(separator: ", "))
      if files.isEmpty {
        invocation.talk.say(
          "nothing is defined yet: `martlet init` writes a sample, `martlet describe FILE` a source"
        )
      }
    } else {
      try invocation.output.line(
        "\(count(errorCount, "error")), \(count(warningCount, "warning"));"
          + " `martlet explain CODE` tells more")
    }
  case .json:
    let document: JSON = [
      "ok": .bool(isFine), "errors": .count(errorCount), "warnings": .count(warningCount),
      "shown": .count(shown.count),
      "findings": .array(shown.map { $0.json(in: files) }),
      "counts": .object(
        counts.map { JSON.Member($0.0.replacing(" ", with: "_"), .count($0.1)) }),
    ]
    try invocation.output.line(document.text)
  }
  return isFine ? .done : .no
}
