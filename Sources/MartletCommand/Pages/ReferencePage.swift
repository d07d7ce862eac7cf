/// All commands in one Markdown page: `docs/command-line.md`.
struct ReferencePage {
  private let root: Command

  init(_ root: Command) { self.root = root }

  /// The page; ends with a line's end.
  var text: String {
    let introduction = """
      # The command line

      \(root.summary)

      This page is written by `martlet reference`; a test compares the two.

      Answers go to standard output, everything else that is said to standard error. Every command \
      takes these flags:

      \(table(of: GlobalFlags.all))

      A flag's value follows as the next word or after `=`: `--limit 5`, `--limit=5`. After `--` \
      every word is an operand.

      | exit | meaning |
      |---|---|
      \(ExitCode.meanings.map { "| \($0.code) | \($0.meaning) |" }.joined(separator: "\n"))

      `martlet completions bash|zsh|fish` prints a script that teaches a shell to complete these \
      words.
      """
    return ([introduction] + sections(under: CommandPath(root))).joined(separator: "\n\n") + "\n"
  }

  private func sections(under path: CommandPath) -> [String] {
    path.command.commands.filter { $0.visibility == .listed }.flatMap { command in
      let path = path.appending(command)
      return switch command.kind {
      case .group: sections(under: path)
      case .action(let action): [section(path, action)]
      }
    }
  }

  private func section(_ path: CommandPath, _ action: Command.Action) -> String {
    var parts = ["## \(path.spelled)", path.command.summary]
    if !path.command.about.isEmpty { parts.append(path.command.about) }
    parts.append(code([path.usage]))
    if !action.operands.isEmpty {
      parts.append(
        rows(["operand", "meaning"], action.operands.map { ["`\($0.name)`", $0.summary] }))
    }
    if !action.flags.isEmpty { parts.append(table(of: action.flags)) }
    parts.append(
      code(
        action.examples.flatMap { example in
          (example.purpose.isEmpty ? [] : ["# \(example.purpose)"]) + [example.line]
        }))
    return parts.joined(separator: "\n\n")
  }

  private func table(of flags: [FlagDefinition]) -> String {
    rows(["flag", "meaning"], flags.map { ["`\($0.usage)`", $0.described] })
  }

  private func rows(_ header: [String], _ rows: [[String]]) -> String {
    let lines = [header, header.map { _ in "---" }] + rows
    return lines.map { row in
      "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  private func code(_ lines: [String]) -> String {
    "```\n\(lines.joined(separator: "\n"))\n```"
  }
}
