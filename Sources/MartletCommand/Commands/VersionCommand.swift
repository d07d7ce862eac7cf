import MartletDiagnostics

extension Command {
  /// `martlet version`
  static let version = Command(
    "version", "Print the version of this program.",
    examples: [Example("martlet version"), Example("martlet version --json")],
    run: printVersion)
}

private func printVersion(_ invocation: Invocation) throws -> ExitCode {
  switch invocation.form {
  case .text: try invocation.output.line("martlet \(martletVersion)")
  case .json:
    try invocation.output.line(JSON.object([.init("version", .string(martletVersion))]).text)
  }
  return .done
}
