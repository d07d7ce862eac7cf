import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet explain`
  static let explain = Command(
    "explain", "Tell where a value comes from, or what a finding means.",
    about: """
      SERVICE.FEATURE, or SET.FEATURE of a set that some service asks for, is explained by what both stores answer about one entity, how the online store \
      keeps and reads it, and by each of the entity's rows: its file or push, and whether it counts. \
      With --data or --data-at that version of what is stored offline is explained, and the online store, \
      which has the newest alone, is not asked. A CODE is what a finding has in its brackets.
      """,
    operands: [what, keys],
    flags: [given, moment, DataVersion.number, DataVersion.moment, limit],
    examples: [
      Example("martlet explain fraud_check.customer_spend__spend_7d customer_id=c1"),
      Example("martlet explain window-outlives-data"),
    ],
    run: explainAny)
}

private let what = Operand.required(
  .text("SERVICE.FEATURE|SET.FEATURE|CODE"),
  "A feature of a service or a set, or the code of a finding.")
private let keys = Operand.rest(.assignment, "The entity's keys.")
private let given = Flag.repeated(
  "given", .assignment, "A value that the caller gives, if the feature uses it.")
private let moment = Flag.optional("at", .instant, "As of this moment; else now.")
private let limit = Flag.value(
  "limit", short: "n", .int(in: 1...Int.max), default: 20,
  "Show at most this many rows, the newest; --json has them all.")

private func explainAny(_ invocation: Invocation) throws -> ExitCode {
  let words = invocation[what].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
  guard words.count == 2 else { return try explainFinding(invocation) }
  return try explainValue(String(words[0]), String(words[1]), invocation)
}

private func explainFinding(_ invocation: Invocation) throws -> ExitCode {
  let code = invocation[what]
  guard let page = FindingPage.about(code) else {
    let near = nearName(to: code, among: FindingPage.all.map(\.code))
    throw CommandError.usage(
      invocation.path, "no finding has the code `\(code)`",
      help: near.map { ["did you mean `\($0)`?"] } ?? [])
  }
  switch invocation.form {
  case .text: try invocation.output.write(page.text)
  case .json:
    try invocation.output.line(
      JSON.object([
        .init("code", .string(page.code)), .init("page", .string(page.text)),
      ]).text)
  }
  return .done
}

private func explainValue(
  _ service: String, _ name: String, _ invocation: Invocation
) throws -> ExitCode {
  let (project, registry, _) = try Project.applied(of: invocation, threads: nil)
  let (plan, output) = try project.output(name, of: service, for: invocation)
  let values = try plan.values(of: invocation[keys] + invocation[given], for: invocation)
  let needed = plan.callerNames(behind: output)
  var caller: [String: Value] = [:]
  for field in plan.keys where needed.contains(field.name) || values[field.name] != nil {
    caller[field.name] = try values.column(of: field, invocation)[0]
  }
  for field in plan.given where needed.contains(field.name) || values[field.name] != nil {
    caller[field.name] = try values.column(of: field, behind: "--given ", invocation)[0]
  }
  let explanation = try withProjectErrors {
    let data = try invocation.dataVersion(in: registry)
    let online = data == nil ? try OnlineData.ifFree(project, registry) : nil
    let busy = "a server that runs has the online store"
    let without = data.map { "not asked about version \($0) of the data" } ?? busy
    return try Explanation(
      output, of: plan, caller: caller, at: invocation[moment] ?? .now, project, registry,
      data: data, online: online, without: online == nil ? without : nil)
  }
  switch invocation.form {
  case .json: try invocation.output.line(explanation.json().text)
  case .text: try explanation.show(on: invocation, limit: invocation[limit])
  }
  return explanation.parts.contains { $0.isSame == false } ? .no : .done
}

extension Project {
  /// The column called `name` of a service, or the one that is a feature of the set called `owner`.
  fileprivate func output(
    _ name: String, of owner: String, for invocation: Invocation
  ) throws(CommandError) -> (ServicePlan, Int) {
    let names: [String]
    if plan.service(owner) == nil, let set = definitions.featureSet(owner) {
      for service in plan.services {
        if let output = service.output(of: name, in: owner) { return (service, output) }
      }
      names = set.features.map(\.name)
      if names.contains(name) {
        throw CommandError.failed(
          invocation.path.spelled, "no service asks for `\(name)` of `\(owner)`",
          help: "`martlet preview \(owner)` shows its values")
      }
    } else {
      let service = try self.service(owner, for: invocation)
      if let output = service.outputs.firstIndex(where: { $0.name == name }) {
        return (service, output)
      }
      names = service.outputs.map(\.name)
    }
    let near = nearName(to: name, among: names)
    throw CommandError.failed(
      invocation.path.spelled,
      "`\(owner)` has no feature `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
}
