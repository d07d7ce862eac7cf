extension Command {
  /// `martlet help`
  static let help = Command(
    "help", "Show how a command is used.",
    operands: [words],
    examples: [Example("martlet help version")],
    run: showHelp)
}

private let words = Operand.rest(.text("COMMAND"), "The command's name.")

private func showHelp(_ invocation: Invocation) throws -> ExitCode {
  var path = CommandPath(.martlet)
  for word in invocation[words] {
    guard let next = path.command.commands.first(where: { $0.name == word }) else {
      throw CommandError.unknownCommand(word, in: path)
    }
    path = path.appending(next)
  }
  try invocation.output.write(HelpPage(path).text)
  return .done
}
