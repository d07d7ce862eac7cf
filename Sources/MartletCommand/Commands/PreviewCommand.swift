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
    "preview", "Show the values of a feature set, straight from its source or as it is stored.",
    about: """
      Computes the features with the definitions as they are written, for the first entities that \
      the source has. Nothing is applied and nothing stored. A value that is not there shows its \
      status instead. With --data or --data-at the values come from that version of what is stored, with \
      the definitions that are applied.
      """,
    operands: [set], flags: [moment, limit, DataVersion.number, DataVersion.moment, threads],
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
  let at = invocation[moment] ?? .now
  let plan: SetPlan
  let found: (entities: [Column], answers: SetAnswers, report: DraftReport)
  if invocation.namesData {
    let (project, registry, _) = try Project.applied(of: invocation, threads: invocation[threads])
    plan = try project.set(previewed: invocation[set], for: invocation)
    found = try withProjectErrors {
      try StoredData(project, registry, at: invocation.dataVersion(in: registry))
        .preview(of: plan, at: at, limit: invocation[limit])
    }
  } else {
    let project = try Project.opened(of: invocation, threads: invocation[threads])
    plan = try project.set(previewed: invocation[set], for: invocation)
    found = try withProjectErrors {
      try invocation.showingRowsRead("reading `\(plan.source)`") {
        try Draft(project).preview(of: plan, at: at, limit: invocation[limit])
      }
    }
  }
  let (entities, answers, report) = found
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
  /// The set called `name`, which has rows of its own.
  fileprivate func set(
    previewed name: String, for invocation: Invocation
  ) throws(CommandError) -> SetPlan {
    if let found = plan.set(name) { return found }
    let names = plan.sets.map { "`\($0.name)`" }.joined(separator: ", ")
    throw CommandError.failed(
      invocation.path.spelled, refusal(ofSet: name), help: "feature sets with a source: \(names)")
  }

  /// Why `name` cannot be previewed.
  private func refusal(ofSet name: String) -> String {
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
