import Martlet
import MartletColumns
import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet hooks`
  static let hooks = Command(
    "hooks", "Show what hooks told, and what they are to tell.",
    about: """
      Whoever keeps the schedules tells it: `martlet run`, or `martlet serve --schedule`. What could not be \
      told is tried again, up to thirty times. Exits with 1 when something was given up.
      """,
    flags: [limit],
    examples: [Example("martlet hooks"), Example("martlet hooks --limit 5 --json")],
    run: showHooks)
}

private let limit = Flag.value("limit", .int(in: 1...Int.max), default: 20, "At most so many.")

private func showHooks(_ invocation: Invocation) throws -> ExitCode {
  let deliveries = try withProjectErrors {
    try Registry.ifThere(of: invocation)?.deliveries(limit: invocation[limit]) ?? []
  }
  switch invocation.form {
  case .json:
    for delivery in deliveries {
      let line: JSON = [
        "key": .string(delivery.key), "hook": .string(delivery.hook),
        "event": .string(delivery.event), "at": .string("\(delivery.at)"),
        "state": .string(delivery.state.rawValue), "attempts": .count(delivery.attempts),
        "ended_at": delivery.endedAt.map { .string("\($0)") } ?? nil,
        "trouble": .string(delivery.words),
        "body": (try? JSON(reading: delivery.body)) ?? .string(delivery.body),  // as it was sent
      ]
      try invocation.output.line(line.text)
    }
  case .text:
    if deliveries.isEmpty { return try invocation.saying("no hook had anything to tell yet") }
    var table = Table(
      .left("When"), .left("Hook"), .left("Event"), .left("State"), .right("Tried"),
      .left("Trouble"))
    for delivery in deliveries {
      table.append(
        "\(delivery.at)", delivery.hook, delivery.event, delivery.state.rawValue,
        "\(delivery.attempts)", delivery.words)
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return deliveries.contains { $0.state == .givenUp } ? .no : .done
}
