import Martlet
import MartletDiagnostics
import MartletLanguage
import MartletOnline
import MartletPlan

extension Command {
  /// `martlet rollback`
  static let rollback = Command(
    "rollback", "Let the load before the current one answer online again.",
    about: """
      What was pushed since is in it as well. Done again, it is undone. Where a server holds the online \
      store it goes back without an end to its answers. Training is as it was; the next `materialize` \
      that finds something new loads it.
      """,
    operands: [sets],
    examples: [
      Example("martlet rollback"),
      Example("martlet rollback customer_spend --json"),
    ],
    run: rollBack)
}

private let sets = Operand.rest(
  .text("SET"), "The sets; all that have a load before, if none is named.")

private func rollBack(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, _) = try Project.applied(of: invocation, threads: 1)
  let names = project.plan.sets.map(\.name)
  for name in invocation[sets] where !names.contains(name) {
    let near = nearName(to: name, among: names)
    throw CommandError.failed(
      invocation.path.spelled,
      "no set is called `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  let gone = try withProjectErrors {
    try withOnlineStore(of: project, registry, invocation) { online in
      try online.goBack(invocation[sets], registry)
    } there: { server in
      try server.goBack(invocation[sets], registry, invocation)
    }
  }
  guard !gone.isEmpty else {
    throw CommandError.failed(
      invocation.path.spelled, "no set has an earlier load to go back to")
  }
  switch invocation.form {
  case .json: try invocation.output.line(JSON.object([.init("sets", .strings(gone))]).text)
  case .text:
    for name in gone { try invocation.output.line("\(name): the load before answers again") }
  }
  return .done
}
