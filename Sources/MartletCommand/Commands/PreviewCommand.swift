import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan

extension Command {
  /// `martlet preview`
  static let preview = Command(
    "preview", "Show the values of a feature set, straight from its source.",
    about: """
      Computes the features with the definitions as they are written, for the first entities that \
      the source has. Nothing is applied and nothing stored. A value that is not there shows its \
      status instead.
      """,
    operands: [set], flags: [moment, limit, threads],
    examples: [
      Example("martlet preview customer_spend"),
      Example("martlet preview customer_spend --at 2025-01-31T12:00:00Z --limit 3 --json"),
    ],
    run: previewSet)
}

private let set = Operand.required(.text("SET"), "The feature set.")
private let moment = Flag.optional("at", .instant, "As of this moment; else now.")
private let limit = Flag.value(
  "limit", short: "n", .int(in: 1...100_000), default: 10, "Show at most this many entities.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func previewSet(_ invocation: Invocation) throws -> ExitCode {
  let project = try Project.opened(of: invocation, threads: invocation[threads])
  let name = invocation[set]
  guard let plan = project.plan.set(name) else {
    throw CommandError.failed(
      invocation.path.spelled, project.refusal(ofSet: name),
      help:
        "feature sets with a source: \(project.plan.sets.map { "`\($0.name)`" }.joined(separator: ", "))"
    )
  }
  let at = invocation[moment] ?? .now
  let (entities, answers, report) = try withProjectErrors {
    try Draft(project).preview(of: plan, at: at, limit: invocation[limit])
  }
  let statuses = plan.features.indices.map { answers.statuses(of: $0) }
  let rowCount = entities.first?.count ?? 0
  switch invocation.form {
  case .text:
    var table = Table(
      plan.keys.map { .left($0.name) }
        + plan.features.map {
          $0.type == .int || $0.type == .double ? .right($0.name) : .left($0.name)
        })
    for row in 0..<rowCount {
      table.append(
        entities.map { $0[row].shown }
          + plan.features.indices.map { place in
            let value = answers.columns[place][row]
            return value == .null ? "\(statuses[place][row])" : value.shown
          })
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
    invocation.talk.say(report)
  case .json:
    for row in 0..<rowCount {
      func object(_ fields: [Field], _ value: (Int) -> JSON) -> JSON {
        .object(fields.enumerated().map { JSON.Member($1.name, value($0)) })
      }
      let line: JSON = [
        "entity": object(plan.keys) { entities[$0][row].json },
        "at": .string("\(at)"),
        "features": object(plan.features) { answers.columns[$0][row].json },
        "statuses": object(plan.features) { .string("\(statuses[$0][row])") },
      ]
      try invocation.output.line(line.text)
    }
  }
  return .done
}

extension Project {
  /// Why `name` cannot be previewed.
  fileprivate func refusal(ofSet name: String) -> String {
    if definitions.featureSet(name) != nil {
      return "`\(name)` is computed from other features when it is asked, and has no source"
    }
    let near = nearName(to: name, among: plan.sets.map(\.name))
    return "there is no feature set `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? "")
  }
}

extension Instant {
  /// This moment, by the machine's clock.
  static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}
