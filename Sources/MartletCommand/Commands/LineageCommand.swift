import Martlet
import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet lineage`
  static let lineage = Command(
    "lineage", "Show what something is made from, and what is made from it.",
    about: """
      NAME is a source, a column of one (SOURCE.COLUMN), an entity, a feature set, SET.FEATURE, a service, a \
      file that was read, run:N or training-set:N. The definitions are those last applied. What `--down` \
      shows of a column is what its removal would reach; of a file, which training sets have rows of it.
      """,
    operands: [wantedName], flags: [up, down, shownAs],
    examples: [
      Example("martlet lineage customer_spend.spend_24h --up"),
      Example("martlet lineage transactions.amount --down", "What would its removal reach?"),
      Example("martlet lineage data/transactions/3.parquet", "Which training sets have its rows?"),
      Example("martlet lineage fraud_check --format dot | dot -Tsvg -o lineage.svg"),
    ],
    run: showLineage)
}

private let wantedName = Operand.required(.text("NAME"), "What to look at.")
private let up = Flag.switch("up", "Only what it is made from.")
private let down = Flag.switch("down", "Only what is made from it.")
private let shownAs = Flag.value(
  "format", ValueKind<LineageFormat>.choice, default: .text, "How to show it.")

/// How lineage is shown.
enum LineageFormat: String, CaseIterable, Sendable { case text, json, dot, mermaid }

private func showLineage(_ invocation: Invocation) throws -> ExitCode {
  let attempt = invocation.path.spelled
  let wanted = invocation[wantedName]
  guard let registry = try Registry.ifThere(of: invocation),
    case let version = try withRegistryErrors(registry.currentVersion), version > 0
  else {
    throw CommandError.failed(
      attempt, "no definitions are applied yet", help: "`martlet apply` records them")
  }
  let view = try withRegistryErrors { () throws(RegistryError) in
    try LineageView(of: wanted, in: version, registry)
  }
  guard let view else {
    let edges = try withRegistryErrors { () throws(RegistryError) in
      try registry.lineage(of: version)
    }
    let near = nearName(to: wanted, among: Set(edges.flatMap { [$0.user.name, $0.uses.name] }))
    throw CommandError.failed(
      attempt,
      "nothing that is applied or was read is called `\(wanted)`"
        + (near.map { "; did you mean `\($0)`?" } ?? ""),
      help: "`martlet search` looks through names and descriptions")
  }
  let isBoth = invocation[up] == invocation[down]
  let directions = LineageDirection.allCases.filter { direction in
    isBoth || invocation[direction == .up ? up : down]
  }
  switch invocation.form == .json ? .json : invocation[shownAs] {
  case .json: try invocation.output.line(view.json(directions, version: version).text)
  case .dot: try invocation.output.line(view.dot(directions))
  case .mermaid: try invocation.output.line(view.mermaid(directions))
  case .text:
    let note = view.notes[view.root].map { "  (\($0))" } ?? ""
    try invocation.output.line("\(view.root.kind.spoken) \(view.root.name)\(note)")
    for direction in directions {
      let lines = view.tree(direction)
      let title = direction == .up ? "made from" : "used by"
      try invocation.output.line(
        invocation.paint(lines.isEmpty ? "\(title) nothing" : title, .title))
      for line in lines { try invocation.output.line(line) }
    }
    if directions.contains(.down), let summary = view.reachSummary {
      try invocation.output.line("reaches \(summary)")
    }
  }
  return .done
}

extension LineageView {
  /// How much is made from the root: "3 features and 1 service".
  fileprivate var reachSummary: String? {
    let all = all(.down)
    let counts = [
      (LineageNode.Kind.feature, "feature"), (.service, "service"), (.trainingSet, "training set"),
    ].map { kind, word in (all.count { $0.kind == kind }, word) }.filter { $0.0 > 0 }
    if counts.isEmpty { return nil }
    return counts.map { count($0.0, $0.1) }.joined(separator: ", ")
  }
}
