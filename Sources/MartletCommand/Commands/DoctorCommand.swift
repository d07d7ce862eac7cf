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
      log of changes is the one that was written. With `--deep`, every segment of the offline store \
      is read and held against its SHA-256 and the checksums of its pages, and the registry's file is \
      checked. Exits with 1 when something is wrong, and names the command that mends it.
      """,
    flags: [deep],
    examples: [
      Example("martlet doctor"),
      Example("martlet doctor --deep", "Is every byte the one that was written?"),
      Example("martlet doctor --json | jq .problems", "What is wrong, for a script."),
    ],
    run: examine)
}

private let deep = Flag.switch(
  "deep", "Read all of the offline store, and compare it with what was written.")

private func examine(_ invocation: Invocation) throws -> ExitCode {
  let linked = [.rocksDB, .sqlite] + LinkedLibrary.codecs
  let mapped = MappedLibraries.ofProcess()
  let settings = invocation.settings
  let checkup = Checkup(
    machine: .here, libraries: linked.map { .init($0, among: mapped) }, settings: settings,
    store: StoreHealth(at: settings.store.value), log: LogHealth.of(invocation),
    deep: invocation[deep] ? try DeepHealth.of(invocation) : nil)
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
