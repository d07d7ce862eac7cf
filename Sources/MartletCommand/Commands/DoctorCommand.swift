import Martlet
import MartletColumns
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
      checked. Exits with 1 when something is wrong, and names the command that mends it. With \
      `--repair`, the online store is read through, and made anew where it is damaged: from the offline \
      one, and from what was pushed since the last run, as far as that can be read.
      """,
    flags: [deep, repair],
    examples: [
      Example("martlet doctor"),
      Example("martlet doctor --deep", "Is every byte the one that was written?"),
      Example("martlet doctor --repair", "The online store is damaged."),
      Example("martlet doctor --json | jq .problems", "What is wrong, for a script."),
    ],
    run: examine)
}

private let deep = Flag.switch(
  "deep", "Read all of the offline store, and compare it with what was written.")

private let repair = Flag.switch(
  "repair", "Read all of the online store, and make it anew where it is damaged.")

private func examine(_ invocation: Invocation) throws -> ExitCode {
  if invocation[repair] { return try repairOnline(invocation) }
  let crypto = LinkedLibrary("OpenSSL", fileStem: "libcrypto", version: SHA256.libraryVersion)
  let linked = [.rocksDB, .sqlite] + LinkedLibrary.codecs + [crypto]
  let mapped = MappedLibraries.ofProcess()
  let settings = invocation.settings
  let log = LogHealth.of(invocation)
  // A registry that cannot be read is told of once.
  let data =
    log?.problem == nil || invocation[deep]
    ? try DataHealth.of(invocation, isDeep: invocation[deep]) : nil
  let checkup = Checkup(
    machine: .here, libraries: linked.map { .init($0, among: mapped) }, settings: settings,
    store: StoreHealth(at: settings.store.value), log: log, data: data)
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

private func repairOnline(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, version) = try Project.applied(of: invocation, threads: nil)
  guard let damage = try withProjectErrors({ try OnlineData.damage(of: project, registry) }) else {
    switch invocation.form {
    case .text: try invocation.output.line("the online store is as it was written")
    case .json: try invocation.output.line(JSON.object([.init("damage", .null)]).text)
    }
    return .done
  }
  invocation.talk.say("\(damage)")
  var materializer = Materializer(
    project, registry, version: version, by: userName(), clock: { .now })
  materializer.memory = invocation.memoryInBytes
  let rebuilt = try withProjectErrors {
    try OnlineData.rebuild(project, registry, by: materializer, clock: { .now })
  }
  switch invocation.form {
  case .text: for line in rebuilt.lines { try invocation.output.line(line) }
  case .json: try invocation.output.line(rebuilt.json(damage).text)
  }
  return .done
}

extension OnlineData.Rebuilt {
  fileprivate var lines: [String] {
    var lines = [
      "\(count(givenUp.rowCount, "row")) that had been pushed since the last run "
        + (givenUp.damage == nil ? "are kept" : "could be read and are kept")
    ]
    if let damage = givenUp.damage {
      lines.append("what had been pushed is lost where it was damaged: \(damage)")
      lines.append(
        "read up to commit \(givenUp.lastCommit), noted up to commit \(givenUp.recorded)")
    }
    lines += updates.map { update in
      "\(update.set): \(count(update.rowCount, "row")) of "
        + "\(count(update.entityCount, "entity")) online"
    }
    lines += behind.map { "\($0): another run is at it; what was pushed comes with the next" }
    return lines
  }

  fileprivate func json(_ damage: OnlineError) -> JSON {
    [
      "damage": .string("\(damage)"),
      "lost": givenUp.damage.map { .string("\($0)") } ?? .null,
      "pushed": .count(givenUp.rowCount),
      "commits": [
        "read": .count(Int(clamping: givenUp.lastCommit)),
        "noted": .count(Int(clamping: givenUp.recorded)),
      ],
      "sets": .array(
        updates.map {
          [
            "set": .string($0.set), "rows": .count($0.rowCount), "entities": .count($0.entityCount),
          ]
        }),
      "behind": .strings(behind),
    ]
  }
}
