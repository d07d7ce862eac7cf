extension Command {
  /// `martlet completions`
  static let completions = Command(
    "completions", "Print a script that teaches a shell to complete martlet's words.",
    operands: [shell],
    examples: [
      Example("source <(martlet completions bash)", "In this shell; in ~/.bashrc for all:"),
      Example("martlet completions zsh > ~/.zfunc/_martlet", "A folder of $fpath."),
      Example("martlet completions fish > ~/.config/fish/completions/martlet.fish"),
    ]
  ) { invocation in
    try invocation.output.write(invocation[shell].completionScript)
    return .done
  }

  /// `martlet complete`: what the scripts ask.
  static let complete = Command(
    "complete", "Print what may stand in the place of the last word.",
    operands: [words],
    examples: [Example("martlet complete -- file sh")], visibility: .hidden, run: printOffers)
}

private let shell = Operand.required(ValueKind<Shell>.choice, "The shell: bash, zsh or fish.")
private let words = Operand.rest(.text("WORD"), "The words after `martlet`, up to the cursor.")

private func printOffers(_ invocation: Invocation) throws -> ExitCode {
  let output = invocation.output
  switch CompletionRequest(invocation[words], of: .martlet).answer {
  case .files: try output.line("files")
  case .folders: try output.line("folders")
  case .words(let offers):
    try output.line("words")
    for offer in offers { try output.line("\(offer.word)\t\(offer.meaning)") }
  }
  return .done
}
