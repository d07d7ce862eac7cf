import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet history`
  static let history = Command(
    "history", "List the versions of the definitions.",
    about: """
      With --audit, every change of the registry instead, after the chain that guards them was \
      checked.
      """,
    flags: [audit],
    examples: [Example("martlet history"), Example("martlet history --audit --json")],
    run: showHistory)
}

private let audit = Flag.switch(
  "audit", "List every change, and check that none was tampered with.")

private func showHistory(_ invocation: Invocation) throws -> ExitCode {
  guard let registry = try Registry.ifThere(of: invocation) else {
    if invocation.form == .text { try invocation.output.line("nothing is applied yet") }
    return .done
  }
  return invocation[audit]
    ? try showAudit(registry, invocation) : try showVersions(registry, invocation)
}

private func showVersions(_ registry: Registry, _ invocation: Invocation) throws -> ExitCode {
  let versions = try withRegistryErrors { () throws(RegistryError) in try registry.versions() }
  switch invocation.form {
  case .text:
    if versions.isEmpty { try invocation.output.line("nothing is applied yet") }
    var table = Table(.right("Version"), .left("Applied"), .left("By"), .left("Why"))
    for version in versions.reversed() {
      let back = version.backTo.map { "back to version \($0)" }
      let why = [back, version.message].compactMap { $0 }.filter { !$0.isEmpty }
      table.append(
        "\(version.number)", "\(version.appliedAt)", version.author, why.joined(separator: ": "))
    }
    if !versions.isEmpty {
      let columns = invocation.terminal.output.columns
      for line in table.lines(columns: columns, paint: invocation.paint) {
        try invocation.output.line(line)
      }
    }
  case .json:
    for version in versions.reversed() {
      let line: JSON = [
        "version": .count(version.number), "applied_at": .string("\(version.appliedAt)"),
        "author": .string(version.author), "message": .string(version.message),
        "back_to": version.backTo.map { .count($0) } ?? nil,
      ]
      try invocation.output.line(line.text)
    }
  }
  return .done
}

private func showAudit(_ registry: Registry, _ invocation: Invocation) throws -> ExitCode {
  let entries = try withRegistryErrors { () throws(RegistryError) in
    try registry.verifyAudit()
    return try registry.audit()
  }
  switch invocation.form {
  case .text:
    var table = Table(.right("Row"), .left("When"), .left("By"), .left("What"))
    for entry in entries {
      table.append(
        "\(entry.number)", "\(entry.at)", entry.author, "\(entry.action) \(entry.subject)")
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  case .json:
    for entry in entries {
      let line: JSON = [
        "row": .count(entry.number), "at": .string("\(entry.at)"),
        "author": .string(entry.author), "action": .string(entry.action),
        "subject": .string(entry.subject),
      ]
      try invocation.output.line(line.text)
    }
  }
  return .done
}
