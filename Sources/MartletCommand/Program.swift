import MartletOffline
import MartletSources

/// From words to an exit code: parse, run, say what went wrong.
struct Program {
  var root: Command
  var environment: Environment
  var terminal: Terminal
  var output: Descriptor
  var talk: Descriptor
  var interruption: Interruption

  /// Does what `words` ask for.
  func run(_ words: [String]) -> ExitCode {
    do {
      switch try CommandLineParser(root: root).parse(words) {
      case .help(let path):
        return try show(HelpPage(path), on: output, with: .done)
      case .incomplete(let path):
        return try show(HelpPage(path), on: talk, with: .wrongUsage)
      case .run(let path, let action, let values):
        return run(action, at: path, words, values)
      }
    } catch OutputError.closed {
      return .done
    } catch {
      let error = CommandError(error, running: CommandPath(root))
      let talk = Talk(to: talk, paint: terminal.paint(for: terminal.talk, .auto))
      talk.report(error, in: Self.form(askedForIn: words))
      return error.exit
    }
  }

  private func run(
    _ action: Command.Action, at path: CommandPath, _ words: [String], _ values: ArgumentValues
  ) -> ExitCode {
    let talk = Talk(
      to: talk, paint: terminal.paint(for: terminal.talk, values[GlobalFlags.color]),
      progress: terminal.progressStyle(values[GlobalFlags.progress]))
    let invocation = Invocation(
      path: path, words: words, values: values, environment: environment, terminal: terminal,
      output: Output(to: output), talk: talk, interruption: interruption)
    do {
      try Settings.check(environment)
      let exit = try action.run(invocation)
      try invocation.output.flush()
      return exit
    } catch is Interrupted {
      talk.say("interrupted")
      return .interrupted
    } catch OutputError.closed {
      return .done  // whoever read the answer has seen enough of it
    } catch {
      let error = CommandError(error, running: path)
      talk.report(error, in: invocation.form)
      return error.exit
    }
  }

  private func show(
    _ page: HelpPage, on descriptor: Descriptor, with exit: ExitCode
  ) throws -> ExitCode {
    let output = Output(to: descriptor)
    try output.write(page.text)
    try output.flush()
    return exit
  }

  /// Whether `--json` stands among words that could not be parsed.
  private static func form(askedForIn words: [String]) -> AnswerForm {
    let json = GlobalFlags.json.definition.spelled
    return words.prefix { $0 != "--" }.contains(json) ? .json : .text
  }
}

extension CommandError {
  /// The error of a command that was stopped by `error`.
  init(_ error: any Error, running path: CommandPath) {
    switch error {
    case let error as CommandError:
      self = error
    case let error as SourceError:
      self = CommandError(error)
    case OutputError.refused(let refusal):
      self = .failed("writing to standard output", refusal)
    default:
      // A lower room's error, in its own words.
      self = .failed(path.spelled, String(describing: error))
    }
  }
}
