import MartletDiagnostics

/// How a command is used, in 80 columns.
struct HelpPage {
  private let path: CommandPath
  private let width = 80

  init(_ path: CommandPath) { self.path = path }

  /// The page; ends with a line's end.
  var text: String {
    let command = path.command
    var sections = [command.summary]
    if !command.about.isEmpty { sections.append(wrapped(command.about, to: width)) }
    sections.append("Usage: " + wrapped(path.usage, to: width, indent: 7).dropFirst(7))
    switch command.kind {
    case .group(let commands):
      let listed = commands.filter { $0.visibility == .listed }
      sections += themes(of: listed).map {
        list($0.title, $0.commands.map { ($0.name, $0.summary) })
      }
    case .action(let action):
      sections.append(list("Operands", action.operands.map { ($0.name, $0.summary) }))
      sections.append(list("Flags", action.flags.map { ($0.usage, $0.described) }))
    }
    if path.commands.count == 1 {
      sections.append(
        list("Flags of every command", GlobalFlags.all.map { ($0.usage, $0.described) }))
    }
    sections.append(examples)
    if path.commands.count > 1 { sections.append(flagsOfAll) }
    if case .group = command.kind {
      sections.append("`\(path.spelled) COMMAND --help` says more about a command.")
    }
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// The flags that every command takes, by name alone: the program's own page tells what they mean.
  private var flagsOfAll: String {
    let names = GlobalFlags.all.map { "--\($0.name)" }.joined(separator: ", ")
    let program = path.commands[0].name
    return wrapped(
      "Flags of every command: \(names). `\(program) --help` says what they mean.", to: width)
  }

  /// A group's commands, the whole program's parted by what they are for.
  private func themes(of commands: [Command]) -> [(title: String, commands: ArraySlice<Command>)] {
    let starts = Self.themes.compactMap { theme in
      commands.firstIndex { $0.name == theme.first }.map { (theme.title, $0) }
    }
    guard starts.count == Self.themes.count, path.commands.count == 1 else {
      return [("Commands", commands[...])]
    }
    let ends = starts.dropFirst().map(\.1) + [commands.count]
    return zip(starts, ends).map { start, end in (start.0, commands[start.1..<end]) }
  }

  /// What the program's commands are for, each theme from its first command on.
  private static let themes = [
    (title: "Define features", first: "init"), (title: "Keep them fresh", first: "materialize"),
    (title: "Train", first: "train"), (title: "Serve", first: "get"),
    (title: "Look", first: "list"), (title: "Files, and the program itself", first: "file"),
  ]

  private var examples: String {
    guard case .action(let action) = path.command.kind, !action.examples.isEmpty else { return "" }
    let lines = action.examples.map { example in
      example.purpose.isEmpty
        ? "  \(example.line)" : "  # \(example.purpose)\n  \(example.line)"
    }
    return "Examples:\n" + lines.joined(separator: "\n")
  }

  /// Names on the left, what they mean on the right; a long name has its meaning below it.
  private func list(_ title: String, _ rows: [(name: String, meaning: String)]) -> String {
    guard !rows.isEmpty else { return "" }
    let widest = 24
    let column = min(widest, rows.map(\.name.displayWidth).max() ?? 0) + 4
    let lines = rows.map { name, meaning in
      let meaning = wrapped(meaning, to: width, indent: column)
      guard name.displayWidth + 4 <= column else { return "  \(name)\n\(meaning)" }
      let padding = String(repeating: " ", count: column - name.displayWidth - 2)
      return "  \(name)\(padding)\(meaning.dropFirst(column))"
    }
    return "\(title):\n" + lines.joined(separator: "\n")
  }
}

extension CommandPath {
  /// `martlet file convert IN OUT [flags]`
  var usage: String {
    switch command.kind {
    case .group:
      return "\(spelled) COMMAND [flags]"
    case .action(let action):
      let required = action.flags.filter { $0.taking == .required }
      let words = action.operands.map(\.usage) + required.map { "\($0.spelled) \($0.placeholder)" }
      return ([spelled] + words + ["[flags]"]).joined(separator: " ")
    }
  }
}

extension FlagDefinition {
  /// The summary, and what stands when the flag is not written.
  var described: String {
    switch taking {
    case .optional(let standing?): "\(summary) [default: \(standing)]"
    case .repeated: "\(summary) [may be repeated]"
    case .required: "\(summary) [required]"
    case .optional(nil), .nothing: summary
    }
  }
}

/// `text` in lines of at most `width` columns, each after `indent` spaces; paragraphs stay apart.
func wrapped(_ text: String, to width: Int, indent: Int = 0) -> String {
  let margin = String(repeating: " ", count: indent)
  let paragraphs = text.split(separator: "\n\n").map { paragraph in
    var lines: [String] = []
    var line = ""
    for word in paragraph.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if !line.isEmpty, indent + line.displayWidth + 1 + word.displayWidth > width {
        lines.append(margin + line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return (lines + [margin + line]).joined(separator: "\n")
  }
  return paragraphs.joined(separator: "\n\n")
}
