/// All commands in one page for `man`, in roff: `martlet.1`.
struct ManualPage {
  private let root: Command

  init(_ root: Command) { self.root = root }

  /// The page; ends with a line's end.
  var text: String {
    let name = root.name.uppercased()
    var lines = [
      ".TH \(name) 1 \"\" \"\(root.name) \(martletVersion)\" \"User commands\"",
      ".SH NAME", "\(root.name) \\- \(roff(root.summary))",
      ".SH SYNOPSIS", ".B \(root.name)", ".I COMMAND", "[\\fIflags\\fR]",
      ".SH DESCRIPTION",
    ]
    lines += paragraphs(
      """
      Answers go to standard output, everything else that is said to standard error. A flag's value \
      follows as the next word or after `=`. After `--` every word is an operand.

      `\(root.name) COMMAND --help` shows one command.
      """)
    lines += [".SH COMMANDS"] + sections(under: CommandPath(root))
    lines += [".SH FLAGS OF EVERY COMMAND"] + GlobalFlags.all.flatMap(entry)
    lines.append(".SH EXIT STATUS")
    for (code, meaning) in ExitCode.meanings { lines += [".TP", ".B \(code)", roff(meaning)] }
    lines.append(".SH ENVIRONMENT")
    for (name, meaning) in Self.variables { lines += [".TP", ".B \(name)", roff(meaning)] }
    lines.append(".SH FILES")
    for (path, meaning) in Self.files { lines += [".TP", ".I \(roff(path))", roff(meaning)] }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let variables = [
    ("MARTLET_STORE, MARTLET_ZONE, MARTLET_MEMORY, MARTLET_RETAIN", "As the flags of these names."),
    ("MARTLET_TOKEN", "The token that `get` and `push` show to a running server."),
    ("NO_COLOR", "No colour, whatever the terminal can show."),
  ]

  private static let files = [
    ("featuredefs/*.martlet", "The project's definitions."),
    (".martlet/", "The store, where `--store` and MARTLET_STORE say nothing else."),
  ]

  private func sections(under path: CommandPath) -> [String] {
    path.command.commands.filter { $0.visibility == .listed }.flatMap { command in
      let path = path.appending(command)
      return switch command.kind {
      case .group: sections(under: path)
      case .action(let action): section(path, action)
      }
    }
  }

  private func section(_ path: CommandPath, _ action: Command.Action) -> [String] {
    var lines = [".SS \(roff(path.usage))"]
    lines += paragraphs(path.command.summary) + paragraphs(path.command.about)
    for operand in action.operands {
      lines += [".TP", ".I \(roff(operand.name))", roff(operand.summary)]
    }
    lines += action.flags.flatMap(entry)
    lines += [".PP", "Examples:", ".PP", ".nf", ".RS"]
    for example in action.examples {
      if !example.purpose.isEmpty { lines.append("# " + roff(example.purpose)) }
      lines.append(roff(example.line))
    }
    return lines + [".RE", ".fi"]
  }

  private func entry(of flag: FlagDefinition) -> [String] {
    [".TP", ".B \(roff(flag.usage))", roff(flag.described)]
  }

  private func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n\n").flatMap { [".PP", roff(String($0))] }
  }

  /// Words as roff takes them: no line of them is a request, and what stands in backquotes is bold.
  private func roff(_ text: String) -> String {
    var result = ""
    var isBold = false
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\n": result += " "
      case "`":
        isBold.toggle()
        result += isBold ? "\\fB" : "\\fR"
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }
}
