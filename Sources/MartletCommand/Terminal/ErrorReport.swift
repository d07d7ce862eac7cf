extension Talk {
  /// Says why a command could not do what was asked.
  func report(_ error: CommandError, in form: AnswerForm) {
    switch form {
    case .text: say(error.drawn(in: palette))
    case .json: say(error.json)
    }
  }
}

extension CommandError {
  /// The error for people.
  func drawn(in palette: Palette) -> String {
    let title = "\(palette.error("error")): \(attempt): \(reason)"
    return ([title] + help.map { "  = \(palette.hint("help")): \($0)" }).joined(separator: "\n")
  }
}

extension CommandError {
  /// The error for machines.
  var json: String { "{}" }
}
