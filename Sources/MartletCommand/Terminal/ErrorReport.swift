import MartletDiagnostics

extension Talk {
  /// Says why a command could not do what was asked.
  func report(_ error: CommandError, in form: AnswerForm) {
    switch form {
    case .text: say(error.drawn(in: paint))
    case .json: say(JSON.object([.init("error", error.json)]).text)
    }
  }
}

extension CommandError {
  /// The error for people.
  func drawn(in paint: Paint) -> String {
    let title = paint("error", .error) + paint(": \(attempt): \(reason)")
    let advice = help.map { paint("  =", .frame) + paint(" help", .advice) + paint(": \($0)") }
    return ([title] + advice).joined(separator: "\n")
  }

  /// The error for machines.
  var json: JSON {
    [
      "exit": .int(Int64(exit.rawValue)), "attempt": .string(attempt), "reason": .string(reason),
      "help": .strings(help),
    ]
  }
}
