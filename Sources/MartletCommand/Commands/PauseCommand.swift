import Martlet
import MartletColumns
import MartletDiagnostics
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet pause`
  static let pause = Command(
    "pause", "Let the schedules of feature sets stand still.",
    about: """
      What comes due meanwhile is caught up once when the set is resumed. A run that has begun goes on; \
      `martlet runs cancel` ends it. `martlet materialize SET` works all the same.
      """,
    operands: [sets], flags: [reason],
    examples: [Example("martlet pause customer_spend --reason \"the warehouse moves\"")],
    run: { try changePauses($0, to: .paused) })

  /// `martlet resume`
  static let resume = Command(
    "resume", "Let paused schedules go on.",
    operands: [sets],
    examples: [Example("martlet resume customer_spend")],
    run: { try changePauses($0, to: .running) })
}

private let sets = Operand.rest(.text("SET"), atLeast: 1, "The feature sets.")
private let reason = Flag.value("reason", .text("TEXT"), default: "", "Why, for whoever looks.")

private enum PauseState: String { case paused, running }

private func changePauses(_ invocation: Invocation, to state: PauseState) throws -> ExitCode {
  let (project, registry, _) = try Project.applied(of: invocation, threads: 1)
  for name in invocation[sets] where project.plan.set(name) == nil {
    let near = nearName(to: name, among: project.plan.sets.map(\.name))
    throw CommandError.failed(
      invocation.path.spelled,
      "no feature set `\(name)` with a source is applied"
        + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  for name in invocation[sets] {
    let isChanged = try withProjectErrors {
      switch state {
      case .paused:
        try registry.pause(name, reason: invocation[reason], at: .now, by: userName())
      case .running: try registry.resume(name, at: .now, by: userName())
      }
    }
    switch invocation.form {
    case .json:
      let line: JSON = [
        "set": .string(name), "state": .string(state.rawValue), "changed": .bool(isChanged),
      ]
      try invocation.output.line(line.text)
    case .text:
      let words = state == .paused ? "paused" : "goes on"
      try invocation.output.line("\(name): \(isChanged ? words : "\(words) already")")
    }
  }
  return .done
}
