extension Command {
  /// `martlet reference`: the text of `docs/command-line.md`, or of the page for `man`.
  static let reference = Command(
    "reference", "Print the reference page of all commands, in Markdown.",
    flags: [manual],
    examples: [
      Example("martlet reference > docs/command-line.md"),
      Example("martlet reference --man > share/man/man1/martlet.1"),
    ], visibility: .hidden
  ) { invocation in
    try invocation.output.write(
      invocation[manual] ? ManualPage(.martlet).text : ReferencePage(.martlet).text)
    return .done
  }
}

private let manual = Flag.switch("man", "Print it for `man`, in roff.")
