import MartletDiagnostics
import MartletOnline
import MartletParquet
import MartletRegistry

extension Command {
  /// `martlet doctor`
  static let doctor = Command(
    "doctor", "Show what this program stands on, and whether it is sound.",
    about: """
      The toolchain it was built with, the libraries it found and what they can do, where each \
      setting came from, what is there of a store, and whether its \
      log of changes is the one that was written. Exits with 1 when something is wrong.
      """,
    examples: [
      Example("martlet doctor"),
      Example("martlet doctor --json | jq .problems", "What is wrong, for a script."),
    ],
    run: examine)
}

private func examine(_ invocation: Invocation) throws -> ExitCode {
  let linked = [.rocksDB, .sqlite] + LinkedLibrary.codecs
  let mapped = MappedLibraries.ofProcess()
  let settings = invocation.settings
  let checkup = Checkup(
    machine: .here, libraries: linked.map { .init($0, among: mapped) }, settings: settings,
    store: StoreHealth(at: settings.store.value), log: LogHealth.of(invocation))
  switch invocation.form {
  case .text:
    let columns = invocation.terminal.output.columns
    for line in checkup.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  case .json:
    try invocation.output.line(checkup.json.text)
  }
  return checkup.problems.isEmpty ? .done : .no
}
