import MartletDiagnostics

extension Command {
  /// `martlet plan`
  static let plan = Command(
    "plan", "Show what applying the definitions would change.",
    about: """
      Compares what the definitions mean with the version that is applied: what is created, changed and \
      removed, and which features and services each change reaches; what must be read again from its \
      source, and about how much that is; and what would break for callers of services. Layout, \
      comments, owners and the order of things change no meaning.
      """,
    examples: [
      Example("martlet plan"),
      Example("martlet plan --json | jq .breaks", "What callers would trip over, for a pipeline."),
    ],
    run: planChange)
}

private func planChange(_ invocation: Invocation) throws -> ExitCode {
  let work = try Applying(invocation)
  switch invocation.form {
  case .text: try work.show(on: invocation)
  case .json: try invocation.output.line(work.json.text)
  }
  return .done
}
