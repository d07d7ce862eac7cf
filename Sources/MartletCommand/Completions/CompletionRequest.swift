/// What may stand where the cursor is: the answer to a shell that asks by Tab.
///
/// The words before the cursor are read by the same scanner as a command line that runs; the last
/// is the one being written.
struct CompletionRequest {
  private let scanner: ArgumentScanner
  private let partial: String

  /// A request for the last of `words`, which follow the program's name.
  init(_ words: [String], of root: Command) {
    var scanner = ArgumentScanner(root: root)
    for word in words.dropLast() {
      try? scanner.take(word)  // a word that is refused tells nothing about the next
    }
    self.scanner = scanner
    partial = words.last ?? ""
  }

  /// What a shell may put in the place of the partial word.
  enum Answer: Equatable {
    case words([Offer])
    case files
    case folders
  }

  /// A whole word, and what it means where that is worth a line.
  struct Offer: Equatable {
    var word: String
    var meaning = ""
  }

  var answer: Answer {
    if let flag = scanner.awaiting { return values(flag.completion) }
    guard partial.hasPrefix("-"), !scanner.onlyOperandsFollow else { return names }
    guard let equals = partial.firstIndex(of: "=") else { return flags }
    let name = partial[..<equals]
    guard let flag = scanner.path.command.flags.first(where: { $0.spelled == name }) else {
      return .words([])
    }
    return values(flag.completion, after: "\(name)=")
  }

  private var flags: Answer {
    let taken = scanner.flagTexts.keys
    return matching(
      scanner.path.command.flags
        .filter { $0.taking == .repeated || !taken.contains($0.name) }
        .map { Offer(word: $0.spelled, meaning: $0.summary) })
  }

  private var names: Answer {
    switch scanner.path.command.kind {
    case .group(let commands):
      return matching(
        commands.filter { $0.visibility == .listed }
          .map { Offer(word: $0.name, meaning: $0.summary) })
    case .action(let action):
      let place = scanner.operandTexts.count
      guard let last = action.operands.last else { return .words([]) }
      if place < action.operands.count { return values(action.operands[place].completion) }
      guard case .rest = last.taking else { return .words([]) }
      return values(last.completion)
    }
  }

  private func values(_ completion: Completion, after prefix: String = "") -> Answer {
    switch completion {
    case .nothing: .words([])
    case .files: .files
    case .folders: .folders
    case .words(let words): matching(words.map { Offer(word: prefix + $0) })
    }
  }

  private func matching(_ offers: [Offer]) -> Answer {
    .words(offers.filter { $0.word.hasPrefix(partial) })
  }
}
