import MartletDiagnostics

/// One call of a command: what it was told, and all of the outside that it may touch.
struct Invocation {
  let path: CommandPath
  /// The words that it was called with.
  let words: [String]
  let values: ArgumentValues
  let environment: Environment
  let terminal: Terminal
  /// Where the answer goes.
  let output: Output
  /// Where everything else that is said goes.
  let talk: Talk
  /// Polled by work that may take long.
  let interruption: Interruption
  /// The rows that the open project's long work has read.
  let rowsRead = WorkCount()
  private let foundSettings = FoundSettings()

  init(
    path: CommandPath, words: [String], values: ArgumentValues, environment: Environment,
    terminal: Terminal, output: Output, talk: Talk, interruption: Interruption
  ) {
    self.path = path
    self.words = words
    self.values = values
    self.environment = environment
    self.terminal = terminal
    self.output = output
    self.talk = talk
    self.interruption = interruption
  }

  /// The value of one of the command's flags.
  subscript<Value>(flag: Flag<Value>) -> Value { values[flag] }

  /// The value of one of the command's operands.
  subscript<Value>(operand: Operand<Value>) -> Value { values[operand] }

  /// For whom the answer is written.
  var form: AnswerForm { values[GlobalFlags.json] ? .json : .text }

  /// The settings of this call.
  var settings: Settings { foundSettings.settings { Settings(values, environment) } }

  /// Runs long work of an open project, showing how many rows it has read.
  func showingRowsRead<Result>(_ name: String, _ work: () throws -> Result) rethrows -> Result {
    try talk.showingProgress(of: name, counting: "rows", by: rowsRead) { _ in try work() }
  }

  /// The colours for the answer.
  var paint: Paint { terminal.paint(for: terminal.output, values[GlobalFlags.color]) }
}

/// For whom an answer is written.
enum AnswerForm: Equatable, Sendable {
  case text
  /// `--json`: one JSON value, or one a line where rows stream.
  case json
}
