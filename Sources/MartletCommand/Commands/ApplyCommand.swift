import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletRegistry

extension Command {
  /// `martlet apply`
  static let apply = Command(
    "apply", "Record the definitions as a new version.",
    about: """
      Shows the plan, asks on a terminal, and records the version in one transaction. Definitions \
      that mean what the current version means only renew its texts. Of two who apply at once the \
      slower is told, with exit code 5, and nothing of it is recorded.
      """,
    flags: [yes, message, older],
    examples: [
      Example("martlet apply"),
      Example("martlet apply --yes --message \"count refunds\"", "In a pipeline:"),
      Example("martlet apply --version 3", "Go back to what version 3 was:"),
    ],
    run: applyDefinitions)
}

private let yes = Flag.switch("yes", short: "y", "Apply without asking.")
private let message = Flag.value("message", short: "m", .text("TEXT"), default: "", "Say why.")
private let older = Flag.optional(
  "version", .int(in: 1...Int.max), "Apply this older version again, as a new one.")

private func applyDefinitions(_ invocation: Invocation) throws -> ExitCode {
  let work: Applying
  if let number = invocation[older] {
    let registry = try Registry.opened(of: invocation)
    let old = try withRegistryErrors { () throws(RegistryError) in
      try registry.snapshot(of: number)
    }
    let files = old.files.sorted { $0.key < $1.key }
    work = try Applying(
      TextFiles(files.map { TextFile(path: $0.key, bytes: $0.value) }), invocation)
  } else {
    work = try Applying(invocation)
  }
  if invocation.form == .text { try work.show(on: invocation) }
  try invocation.output.flush()
  if !work.change.isEmpty, !invocation[yes] {
    guard invocation.terminal.talk.isTerminal, isatty(STDIN_FILENO) == 1 else {
      throw CommandError.usage(
        invocation.path, "nobody is there to ask", help: ["`--yes` applies without asking"])
    }
    invocation.talk.say("Apply? [y/N]")
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
      invocation.talk.say("nothing was applied")
      return .no
    }
  }
  let registry = try work.registry ?? Registry.opened(of: invocation)
  let applied = try withRegistryErrors { () throws(RegistryError) in
    try registry.apply(
      work.wanted, upon: work.current, at: .now, by: userName(), message: invocation[message],
      backTo: invocation[older])
  }
  let (word, number) =
    switch applied {
    case .nothing(let current): ("unchanged", current)
    case .rewritten(let current): ("rewritten", current)
    case .version(let new): ("applied", new)
    }
  switch invocation.form {
  case .text:
    if word != "unchanged" { try invocation.output.line("version \(number) \(word)") }
  case .json:
    let document: JSON = ["outcome": .string(word), "version": .count(number), "plan": work.json]
    try invocation.output.line(document.text)
  }
  return .done
}

/// Whom the system takes us for.
func userName() -> String {
  guard let entry = getpwuid(geteuid()) else { return "\(geteuid())" }
  return String(cString: entry.pointee.pw_name)
}
