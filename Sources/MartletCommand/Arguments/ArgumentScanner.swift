/// Reads a command line word by word, and knows after each what may come next.
///
/// The same walk serves running (`CommandLineParser`) and completing (`CompletionRequest`), so a
/// shell never offers what the parser would refuse.
///
///     martlet file show --limit 5 -- -odd-name.parquet
///             └──┬────┘ └──┬────┘ │  └─ after `--` every word is an operand
///              path      a flag awaits its value
struct ArgumentScanner: Sendable {
  private(set) var path: CommandPath
  /// The texts given for each flag, by its name; a switch has an empty text for each time.
  private(set) var flagTexts: [String: [String]] = [:]
  private(set) var operandTexts: [String] = []
  /// The flag whose value the next word must be.
  private(set) var awaiting: FlagDefinition?
  private(set) var onlyOperandsFollow = false

  init(root: Command) { path = CommandPath(root) }

  /// Reads the next word.
  mutating func take(_ word: String) throws(CommandError) {
    if let flag = awaiting {
      awaiting = nil
      guard !looksLikeFlag(word) else { throw .missingValue(of: flag, in: path) }
      note(flag, word)
    } else if onlyOperandsFollow || !looksLikeFlag(word) {
      try takeName(word)
    } else if word == "--" {
      onlyOperandsFollow = true
    } else if word.hasPrefix("--") {
      try takeLong(word)
    } else {
      try takeShort(word)
    }
  }

  /// Whether `word` begins as a flag does; `-` stands for a stream, and `-5` is a number.
  private func looksLikeFlag(_ word: String) -> Bool {
    let bytes = word.utf8.prefix(2)
    return bytes.count == 2 && word.hasPrefix("-")
      && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(
        bytes[bytes.index(after: bytes.startIndex)])
  }

  private mutating func takeName(_ word: String) throws(CommandError) {
    guard case .group(let commands) = path.command.kind else {
      operandTexts.append(word)
      return
    }
    guard let next = commands.first(where: { $0.name == word }) else {
      throw .unknownCommand(word, in: path)
    }
    path = path.appending(next)
  }

  private mutating func takeLong(_ word: String) throws(CommandError) {
    let parts = word.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let flag = path.command.flags.first(where: { $0.name == name }) else {
      throw .unknownFlag("--\(name)", in: path)
    }
    switch (flag.taking, parts.count) {
    case (.nothing, 1): note(flag, "")
    case (.nothing, _): throw .unwantedValue(of: flag, in: path)
    case (_, 1): awaiting = flag
    case (_, _): note(flag, String(parts[1]))
    }
  }

  /// Reads `-n`, `-n5`, `-n=5`, and switches written together.
  private mutating func takeShort(_ word: String) throws(CommandError) {
    var rest = word.dropFirst()
    while let letter = rest.popFirst() {
      guard let flag = path.command.flags.first(where: { $0.short == letter }) else {
        throw .unknownFlag("-\(letter)", in: path)
      }
      switch flag.taking {
      case .nothing where rest.first == "=":
        throw .unwantedValue(of: flag, in: path)
      case .nothing:
        note(flag, "")
      default:
        if rest.isEmpty { awaiting = flag } else { note(flag, String(rest.trimmingEqualsSign)) }
        return
      }
    }
  }

  private mutating func note(_ flag: FlagDefinition, _ text: String) {
    flagTexts[flag.name, default: []].append(text)
  }
}

extension Substring {
  fileprivate var trimmingEqualsSign: Substring { first == "=" ? dropFirst() : self }
}
