/// What a command line asks for.
enum Request: Sendable {
  case run(CommandPath, Command.Action, ArgumentValues)
  case help(CommandPath)
  /// A group's name, without the command that was meant.
  case incomplete(CommandPath)
}

/// The values of a command's flags and operands, each read and found good.
struct ArgumentValues: Sendable {
  /// By `--name` for flags, by the usage word for operands.
  fileprivate var values: [String: any Sendable] = [:]

  subscript<Value>(flag: Flag<Value>) -> Value { value(flag.definition.spelled) }

  subscript<Value>(operand: Operand<Value>) -> Value { value(operand.definition.name) }

  private func value<Value>(_ name: String) -> Value {
    guard let value = values[name] as? Value else {
      preconditionFailure("the command asks for `\(name)` and does not declare it")
    }
    return value
  }
}

/// Reads the words after `martlet` into a request.
struct CommandLineParser: Sendable {
  var root: Command

  func parse(_ words: [String]) throws(CommandError) -> Request {
    var scanner = ArgumentScanner(root: root)
    for word in words { try scanner.take(word) }
    let path = scanner.path
    if scanner.flagTexts[GlobalFlags.help.definition.name] != nil { return .help(path) }
    if let flag = scanner.awaiting { throw .missingValue(of: flag, in: path) }
    guard case .action(let action) = path.command.kind else { return .incomplete(path) }

    var values = ArgumentValues()
    for flag in path.command.flags {
      values.values[flag.spelled] = try value(of: flag, from: scanner)
    }
    var rest = scanner.operandTexts[...]
    for operand in action.operands {
      let texts = rest.prefix(operand.taking.mostWords)
      rest = rest.dropFirst(texts.count)
      values.values[operand.name] = try value(of: operand, from: Array(texts), in: path)
    }
    if let surplus = rest.first { throw .surplusOperand(surplus, in: path) }
    return .run(path, action, values)
  }

  private func value(
    of flag: FlagDefinition, from scanner: ArgumentScanner
  ) throws(CommandError) -> any Sendable {
    let texts = scanner.flagTexts[flag.name] ?? []
    switch flag.taking {
    case .optional where texts.count > 1, .required where texts.count > 1:
      throw .repeatedFlag(flag, in: scanner.path)
    case .required where texts.isEmpty:
      throw .missingFlag(flag, in: scanner.path)
    default:
      break
    }
    do {
      return try flag.read(texts)
    } catch {
      throw .wrongValue(texts.last ?? "", of: flag.spelled, error, in: scanner.path)
    }
  }

  private func value(
    of operand: OperandDefinition, from texts: [String], in path: CommandPath
  ) throws(CommandError) -> any Sendable {
    guard texts.count >= operand.taking.fewestWords else {
      throw .missingOperand(operand, in: path)
    }
    do {
      return try operand.read(texts)
    } catch {
      throw .wrongValue(texts.last ?? "", of: operand.name, error, in: path)
    }
  }
}

extension OperandDefinition.Taking {
  fileprivate var fewestWords: Int {
    switch self {
    case .required: 1
    case .optional: 0
    case .rest(let count): count
    }
  }

  fileprivate var mostWords: Int {
    switch self {
    case .required, .optional: 1
    case .rest: Int.max
    }
  }
}
