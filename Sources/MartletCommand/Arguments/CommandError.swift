import MartletDiagnostics
import MartletOffline

/// Why a command could not do what was asked: what was attempted, what was wrong, what to do.
///
///     error: reading `data/orders.parquet`: No such file or directory
///       = help: paths are relative to the project's folder
struct CommandError: Error, Equatable {
  var exit: ExitCode
  /// What was being done: "reading `data/orders.parquet`", "martlet file show".
  var attempt: String
  var reason: String
  /// What the reader can do about it, one thing a line.
  var help: [String]

  /// The world failed.
  static func failed(_ attempt: String, _ reason: String, help: String...) -> CommandError {
    CommandError(exit: .failed, attempt: attempt, reason: reason, help: help)
  }

  /// The system refused a call.
  static func failed(_ attempt: String, _ error: SystemError, help: String...) -> CommandError {
    CommandError(exit: .failed, attempt: attempt, reason: error.reason, help: help)
  }

  /// Another run holds what this one needs.
  static func busy(_ attempt: String, _ reason: String, help: String...) -> CommandError {
    CommandError(exit: .busy, attempt: attempt, reason: reason, help: help)
  }

  /// The command line cannot be understood.
  static func usage(
    _ path: CommandPath, _ reason: String, help: [String] = []
  ) -> CommandError {
    let manual = "`\(path.spelled) --help` shows what it takes"
    return CommandError(
      exit: .wrongUsage, attempt: path.spelled, reason: reason, help: help + [manual])
  }
}

extension CommandError {
  static func unknownCommand(_ word: String, in path: CommandPath) -> CommandError {
    let names = path.command.commands.filter { $0.visibility == .listed }.map(\.name)
    return .usage(
      path, "there is no command `\(word)`", help: suggestion(nearName(to: word, among: names)))
  }

  static func unknownFlag(_ spelled: String, in path: CommandPath) -> CommandError {
    let names = path.command.flags.map(\.spelled)
    return .usage(
      path, "there is no flag `\(spelled)`", help: suggestion(nearName(to: spelled, among: names)))
  }

  static func missingValue(of flag: FlagDefinition, in path: CommandPath) -> CommandError {
    .usage(
      path, "`\(flag.spelled)` needs a value",
      help: ["a value that begins with a dash is written `\(flag.spelled)=VALUE`"])
  }

  static func unwantedValue(of flag: FlagDefinition, in path: CommandPath) -> CommandError {
    .usage(path, "`\(flag.spelled)` takes no value")
  }

  static func repeatedFlag(_ flag: FlagDefinition, in path: CommandPath) -> CommandError {
    .usage(path, "`\(flag.spelled)` is given more than once")
  }

  static func missingFlag(_ flag: FlagDefinition, in path: CommandPath) -> CommandError {
    .usage(path, "`\(flag.spelled) \(flag.placeholder)` is missing")
  }

  static func missingOperand(_ operand: OperandDefinition, in path: CommandPath) -> CommandError {
    .usage(path, "`\(operand.name)` is missing")
  }

  static func surplusOperand(_ word: String, in path: CommandPath) -> CommandError {
    .usage(path, "`\(word)` is one word too many")
  }

  static func wrongValue(
    _ text: String, of name: String, _ wrong: WrongValue, in path: CommandPath
  ) -> CommandError {
    .usage(
      path, "`\(name)` takes \(wrong.expected), not `\(text)`", help: suggestion(wrong.suggestion))
  }

  private static func suggestion(_ name: String?) -> [String] {
    name.map { ["did you mean `\($0)`?"] } ?? []
  }
}
