import Martlet
import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet stats`
  static let stats = Command(
    "stats", "Show what the values of a feature set's rows look like, run by run.",
    about: """
      Each run keeps, of the rows that it added, for each column that the set keeps: how many there are, \
      nulls, about how many different ones, least, mean, quantiles, greatest and the most frequent. SET shows \
      the newest run's, SET.COLUMN one column of all runs. Of a large run a part from all over is looked at.
      """,
    operands: [wantedName], flags: [wantedRun],
    examples: [
      Example("martlet stats customer_spend"),
      Example("martlet stats customer_spend --run 7 --json"),
      Example("martlet stats customer_spend.amount", "Has it moved?"),
    ],
    run: showStatistics)
}

private let wantedName = Operand.required(.text("NAME"), "A feature set, or SET.COLUMN.")
private let wantedRun = Flag.optional(
  "run", .int(in: 1...Int.max).called("RUN"), "The rows of this run, not of the newest.")

private func showStatistics(_ invocation: Invocation) throws -> ExitCode {
  let parts = invocation[wantedName].split(separator: ".", maxSplits: 1).map(String.init)
  let set = parts.first ?? ""
  var found = try withProjectErrors {
    try Registry.ifThere(of: invocation)?.statistics(of: set, run: invocation[wantedRun]) ?? []
  }
  if parts.count == 2 {
    found = found.filter { $0.column == parts[1] }
  } else if let newest = found.first?.run {
    found = found.filter { $0.run == newest }
  }
  guard !found.isEmpty else {
    throw CommandError.failed(
      invocation.path.spelled, "there are no statistics of `\(invocation[wantedName])`",
      help: "`martlet materialize` keeps them with each run that adds rows to a set")
  }
  switch invocation.form {
  case .json:
    for facts in found {
      let line: JSON = [
        "set": .string(set), "column": .string(facts.column), "run": .count(facts.run),
        "started_at": .string("\(facts.startedAt)"),
        "facts": (try? JSON(reading: facts.facts)) ?? .string(facts.facts),  // as it was kept
      ]
      try invocation.output.line(line.text)
    }
  case .text:
    var table = Table(
      .right("Run"), .left("Column"), .right("Rows"), .right("Nulls"), .right("Distinct"),
      .right("Min"), .right("Mean"), .right("Median"), .right("p95"), .right("Max"), .left("Top"))
    for facts in found { table.append(facts.cells) }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return .done
}

extension ColumnFacts {
  fileprivate var cells: [String] {
    // What cannot be read is shown as nothing.
    let facts = (try? JSON(reading: facts)) ?? nil
    let quantiles = facts["quantiles"]
    var top = ""
    if case .array(let values) = facts["top"], let first = values.first {
      top = first["value"].cell
      if case .double(let share) = first["share"] { top += " \(Int((share * 100).rounded())) %" }
    }
    return [
      "\(run)", column, facts["count"].cell, facts["nulls"].cell, facts["distinct"].cell,
      facts["min"].cell, facts["mean"].cell, quantiles["0.5"].cell, quantiles["0.95"].cell,
      facts["max"].cell, top,
    ]
  }
}

extension JSON {
  /// The member called `name`, or null.
  fileprivate subscript(name: String) -> JSON {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value ?? nil
  }

  /// As a cell of a table shows it.
  fileprivate var cell: String {
    switch self {
    case .null: ""
    case .string(let text): text
    case .double(let number): number.shortened
    default: text
    }
  }
}
