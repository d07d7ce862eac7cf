import MartletOffline

/// One command of `martlet`, or a group of them, as a value.
///
/// To add a command, write one file in `Commands/`, here `FileShowCommand.swift`:
///
///     extension Command {
///       /// `martlet file show`
///       static let fileShow = Command(
///         "show", "Print the first rows of a file.",
///         operands: [file], flags: [limit],
///         examples: [Example("martlet file show data/orders.parquet --limit 5")],
///         run: showFile)
///     }
///
///     private let file = Operand.required(.file, "The file to read.")
///     private let limit = Flag.value("limit", short: "n", .int(in: 1...Int.max), default: 10,
///       "Show at most this many rows.")
///
///     private func showFile(_ invocation: Invocation) throws -> ExitCode {
///       let rows = invocation[limit]  // an Int
///       try invocation.output.line("…")
///       return .done
///     }
///
/// list it where it belongs (`Command.martlet`, or its group), and write the reference page anew:
/// `swift run martlet reference > docs/command-line.md`. Parser, help, completions and that page
/// follow from the value alone. Each command has at least one example; the flags of `GlobalFlags`
/// are everyone's already.
///
/// What stops a command is thrown: a `CommandError` that says what was attempted, what was wrong
/// and what to do, or a lower room's error, whose description is then shown. The answer "no" is not
/// an error but `ExitCode.no`. Long work calls `invocation.interruption.check()` between batches,
/// counts itself in `invocation.talk.showingProgress(of:counting:total:_:)`, and writes files
/// through `OutputFile`, so that Ctrl-C leaves nothing half done.
struct Command: Sendable {
  var name: String
  /// One sentence for lists of commands.
  var summary: String
  /// What help says beyond the summary: paragraphs, parted by empty lines.
  var about: String
  var kind: Kind
  var visibility: Visibility

  enum Kind: Sendable {
    case group([Command])
    case action(Action)
  }

  /// What can be run, and what it can be told.
  struct Action: Sendable {
    var operands: [OperandDefinition]
    var flags: [FlagDefinition]
    var examples: [Example]
    var run: @Sendable (Invocation) throws -> ExitCode
  }

  /// Whether help and completions speak of a command.
  enum Visibility: Sendable {
    case listed
    /// For scripts of ours: it works, and nothing mentions it.
    case hidden
  }

  /// A command that does something.
  init(
    _ name: String, _ summary: String, about: String = "",
    operands: [any AnyOperand] = [], flags: [any AnyFlag] = [], examples: [Example],
    visibility: Visibility = .listed,
    run: @escaping @Sendable (Invocation) throws -> ExitCode
  ) {
    self.name = name
    self.summary = summary
    self.about = about
    self.visibility = visibility
    kind = .action(
      Action(
        operands: operands.map(\.definition), flags: flags.map(\.definition), examples: examples,
        run: run))
  }

  /// A command that only holds others.
  init(_ name: String, _ summary: String, about: String = "", commands: [Command]) {
    self.name = name
    self.summary = summary
    self.about = about
    visibility = .listed
    kind = .group(commands)
  }
}

/// A line that can be pasted into a shell, and what it is good for.
struct Example: Equatable, Sendable {
  var line: String
  var purpose: String

  init(_ line: String, _ purpose: String = "") {
    self.line = line
    self.purpose = purpose
  }
}

extension Command {
  /// The commands of a group, hidden ones too; none for an action.
  var commands: [Command] {
    if case .group(let commands) = kind { commands } else { [] }
  }

  /// The flags that may be written after this command's name.
  var flags: [FlagDefinition] {
    if case .action(let action) = kind { action.flags + GlobalFlags.all } else { GlobalFlags.all }
  }
}

/// A command and the names that lead to it: `martlet file show`.
struct CommandPath: Sendable {
  /// From `martlet` down to the command itself; never empty.
  private(set) var commands: [Command]

  init(_ root: Command) { commands = [root] }

  /// The command at the path's end.
  var command: Command { commands[commands.count - 1] }

  /// The words that call it.
  var spelled: String { commands.map(\.name).joined(separator: " ") }

  /// The path one name further down.
  func appending(_ command: Command) -> CommandPath {
    var longer = self
    longer.commands.append(command)
    return longer
  }
}
