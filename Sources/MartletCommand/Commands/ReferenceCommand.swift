extension Command {
  /// `martlet reference`: the text of `docs/command-line.md`.
  static let reference = Command(
    "reference", "Print the reference page of all commands, in Markdown.",
    examples: [Example("martlet reference > docs/command-line.md")], visibility: .hidden
  ) { invocation in
    try invocation.output.write(ReferencePage(.martlet).text)
    return .done
  }
}
