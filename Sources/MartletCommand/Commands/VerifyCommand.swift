import Martlet
import MartletColumns
import MartletDiagnostics
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet verify`
  static let verify = Command(
    "verify", "Compare what was served with what training says about the same moments.",
    about: """
      Builds each lookup that `martlet serve --keep-one-in` kept again, from what is stored, as of its \
      moment and by the definitions that answered it, and compares values and statuses to the last bit. \
      Exits with 1 where one differs, and says why: `late` are rows that were stored after the lookup and \
      speak of the time before it; `between` are lookups that saw some of what was pushed or stored \
      around them; what is `unexplained` should not be. Lookups since the last `martlet materialize` wait \
      for the next.
      """,
    operands: [service], flags: [shown, threads],
    examples: [Example("martlet verify"), Example("martlet verify fraud_check --json")],
    run: verifyLookups)
}

private let service = Operand.optional(.text("SERVICE"), "The service to verify; else all.")
private let shown = Flag.value(
  "limit", short: "n", .int(in: 0...100_000), default: 10,
  "Show at most so many values that differ.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func verifyLookups(_ invocation: Invocation) throws -> ExitCode {
  let (current, registry, _) = try Project.applied(of: invocation, threads: invocation[threads])
  let files = LookupFiles(in: current.store).files(of: invocation[service])
  if files.isEmpty, let name = invocation[service] {
    _ = try current.service(name, for: invocation)
  }
  var reports: [LookupReport] = []
  for version in Set(files.map(\.version)).sorted() {
    let (project, _, _) = try Project.applied(
      of: invocation, version: version, threads: invocation[threads])
    let answered = files.filter { $0.version == version }
    for name in Set(answered.map(\.service)).sorted() {
      guard let plan = project.plan.service(name) else { continue }
      let report = try withProjectErrors {
        var check = try LookupCheck(
          project, registry, plan, version: version, limit: invocation[shown])
        for file in answered where file.service == name {
          try invocation.interruption.check()
          try check.check(file)
        }
        return check.report
      }
      reports.append(report)
    }
  }
  switch invocation.form {
  case .json: for report in reports { try invocation.output.line(report.json.text) }
  case .text: try show(reports, invocation)
  }
  return reports.contains { $0.differingCount > 0 } ? .no : .done
}

private func show(_ reports: [LookupReport], _ invocation: Invocation) throws {
  guard !reports.isEmpty else {
    try invocation.output.line("no lookups are kept; `martlet serve --keep-one-in N` keeps some")
    return
  }
  let causes = LookupReport.Cause.allCases
  var summary = Table(
    [.left("Service"), .right("Version"), .right("Compared"), .right("Same")]
      + causes.map { .right($0.rawValue.capitalizedFirst) }
      + [.right("Waiting"), .right("Beyond reach")])
  for report in reports {
    summary.append(
      [
        report.service, "\(report.version)", "\(report.compared)",
        "\(report.compared - report.differingCount)",
      ] + causes.map { "\(report.differing[$0] ?? 0)" } + [
        "\(report.waiting)", "\(report.beyondReach)",
      ])
  }
  let columns = invocation.terminal.output.columns
  for line in summary.lines(columns: columns, paint: invocation.paint) {
    try invocation.output.line(line)
  }
  let mismatches = reports.flatMap(\.mismatches).prefix(invocation[shown])
  guard !mismatches.isEmpty else { return }
  var table = Table(
    .left("Feature"), .left("Entity"), .left("At"), .left("Served"), .left("Rebuilt"),
    .left("Cause"))
  for mismatch in mismatches {
    table.append(
      mismatch.feature,
      mismatch.entity.map { "\($0.name)=\($0.value.shown)" }.joined(separator: " "),
      "\(mismatch.at)", "\(mismatch.served.value.shown) (\(mismatch.served.status))",
      "\(mismatch.rebuilt.value.shown) (\(mismatch.rebuilt.status))", mismatch.cause.rawValue)
  }
  try invocation.output.line("")
  for line in table.lines(columns: columns, paint: invocation.paint) {
    try invocation.output.line(line)
  }
}

extension LookupReport {
  fileprivate var json: JSON {
    [
      "service": .string(service), "version": .count(version), "compared": .count(compared),
      "same": .count(compared - differingCount),
      "differing": .object(
        Cause.allCases.map { JSON.Member($0.rawValue, .count(differing[$0] ?? 0)) }),
      "waiting": .count(waiting), "beyond_reach": .count(beyondReach),
      "values_differing": .count(mismatchCount),
      "mismatches": .array(
        mismatches.map { mismatch in
          [
            "feature": .string(mismatch.feature),
            "entity": .object(mismatch.entity.map { JSON.Member($0.name, $0.value.json) }),
            "at": .string("\(mismatch.at)"), "cause": .string(mismatch.cause.rawValue),
            "served": mismatch.served.value.json,
            "served_status": .string(mismatch.served.status),
            "rebuilt": mismatch.rebuilt.value.json,
            "rebuilt_status": .string(mismatch.rebuilt.status),
          ]
        }),
    ]
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
