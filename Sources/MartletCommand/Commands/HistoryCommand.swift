import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet history`
  static let history = Command(
    "history", "List the versions of the definitions, or show what one of them changed.",
    about: """
      With a VERSION, what it changed: definitions by their names, and the lines of their texts. With \
      --audit, every change of the registry instead, after the chain that guards them was checked.
      """,
    operands: [wantedVersion], flags: [from, audit],
    examples: [
      Example("martlet history"), Example("martlet history 3", "What version 3 changed:"),
      Example("martlet history 7 --from 4", "What became of version 4 up to 7:"),
      Example("martlet history --audit --json"),
    ],
    run: showHistory)
}

private let wantedVersion = Operand.optional(
  .int(in: 1...Int.max).called("VERSION"), "Show what this version changed.")
private let from = Flag.optional(
  "from", .int(in: 0...Int.max).called("VERSION"),
  "Compare with this version, not with the one before; 0 is the beginning.")

private let audit = Flag.switch(
  "audit", "List every change, and check that none was tampered with.")

private func showHistory(_ invocation: Invocation) throws -> ExitCode {
  guard let registry = try Registry.ifThere(of: invocation) else {
    if invocation.form == .text { try invocation.output.line("nothing is applied yet") }
    return .done
  }
  if invocation[audit] { return try showAudit(registry, invocation) }
  if let number = invocation[wantedVersion] {
    let change = try VersionChange(to: number, from: invocation[from], registry, invocation)
    try change.show(invocation)
    return .done
  }
  return try showVersions(registry, invocation)
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
