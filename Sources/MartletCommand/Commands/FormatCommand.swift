import MartletDiagnostics
import MartletLanguage
import MartletOffline

extension Command {
  /// `martlet fmt`
  static let format = Command(
    "fmt", "Write definitions in their one layout.",
    about: """
      Formats the files that are named, or else all below featuredefs/. With - it reads standard \
      input and writes standard output, for editors. A file that cannot be read is left alone.
      """,
    operands: [files], flags: [onlyChecks],
    examples: [
      Example("martlet fmt"), Example("martlet fmt --check", "In a pipeline, changing nothing:"),
      Example("martlet fmt - < orders.martlet"),
    ],
    run: formatDefinitions)
}

private let files = Operand.rest(ValueKind<String>.file, "The files; all of the project's if none.")
private let onlyChecks = Flag.switch("check", "Change nothing; exit 1 if something would change.")

private func formatDefinitions(_ invocation: Invocation) throws -> ExitCode {
  let named = invocation[files]
  if named == ["-"], !invocation[onlyChecks] { return try formatInput(invocation) }
  var changed: [String] = []
  var isUnreadable = false
  for path in try named.isEmpty ? projectPaths(invocation) : named {
    try invocation.interruption.check()
    let file = try DefinitionFiles.read(path)
    guard let text = readable(file, invocation) else {
      isUnreadable = true
      continue
    }
    guard Array(text.utf8) != file.bytes else { continue }
    changed.append(path)
    if !invocation[onlyChecks] { try replace(path, with: text) }
  }
  switch invocation.form {
  case .text: for path in changed { try invocation.output.line(path) }
  case .json: try invocation.output.line(JSON.object([.init("changed", .strings(changed))]).text)
  }
  return isUnreadable || invocation[onlyChecks] && !changed.isEmpty ? .no : .done
}

private func formatInput(_ invocation: Invocation) throws -> ExitCode {
  let file = try DefinitionFiles.read("-")
  guard let text = readable(file, invocation) else { return .no }
  try invocation.output.write(text)
  return .done
}

private func projectPaths(_ invocation: Invocation) throws -> [String] {
  guard let project = invocation.settings.project.value else {
    throw CommandError.failed(
      "martlet fmt", "there is no `featuredefs/` here or in a folder above",
      help: "name the files, or the project with `--project DIR`")
  }
  let folder = "\(project)/featuredefs"
  return try DefinitionFiles.paths(below: folder).map { "\(folder)/\($0)" }
}

/// The formatted text, or `nil` when it was said why there is none.
private func readable(_ file: TextFile, _ invocation: Invocation) -> String? {
  let formatted = MartletLanguage.format(file)
  if formatted.value == nil {
    let drawing = DiagnosticDrawing(of: TextFiles([file]))
    invocation.talk.say(drawing.draw(formatted.findings.filter { $0.severity == .error }))
  }
  return formatted.value
}

private func replace(_ path: String, with text: String) throws {
  do throws(SystemError) {
    let output = try OutputFile(at: path)
    let bytes = Array(text.utf8)
    try output.write(bytes.span.bytes)
    try output.commit()
  } catch {
    throw CommandError.failed("writing `\(path)`", error)
  }
}
