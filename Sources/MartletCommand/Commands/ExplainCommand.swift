import MartletDiagnostics
import MartletLanguage

extension Command {
  /// `martlet explain`
  static let explain = Command(
    "explain", "Tell what a finding means: the CODE in its brackets.",
    operands: [code],
    examples: [Example("martlet explain window-outlives-data")],
    run: explainFinding)
}

private let code = Operand.required(.text("CODE"), "The code of a finding.")

private func explainFinding(_ invocation: Invocation) throws -> ExitCode {
  let code = invocation[code]
  guard let page = FindingPage.about(code) else {
    let near = nearName(to: code, among: FindingPage.all.map(\.code))
    throw CommandError.usage(
      invocation.path, "no finding has the code `\(code)`",
      help: near.map { ["did you mean `\($0)`?"] } ?? [])
  }
  switch invocation.form {
  case .text: try invocation.output.write(page.text)
  case .json:
    try invocation.output.line(
      JSON.object([
        .init("code", .string(page.code)), .init("page", .string(page.text)),
      ]).text)
  }
  return .done
}
