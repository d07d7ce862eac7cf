import Martlet
import MartletDiagnostics
import MartletLanguage
import MartletRegistry

extension Command {
  /// `martlet plan`
  static let plan = Command(
    "plan", "Show what applying the definitions would change.",
    about: """
      Compares what the definitions mean with the version that is applied. Layout, comments, owners \
      and the order of things change no meaning.
      """,
    examples: [Example("martlet plan"), Example("martlet plan --json")],
    run: planChange)
}

private func planChange(_ invocation: Invocation) throws -> ExitCode {
  let work = try Applying(invocation)
  switch invocation.form {
  case .text: try work.show(on: invocation.output, invocation.paint)
  case .json: try invocation.output.line(work.json.text)
  }
  return .done
}

/// Definitions beside the version that they are to follow.
struct Applying {
  /// `nil` while nothing was ever applied.
  let registry: Registry?
  let current: Int
  let wanted: DefinitionsSnapshot
  let change: DefinitionsChange

  /// Compiles the definitions of a call; errors in them end it.
  init(_ invocation: Invocation) throws {
    let files = try DefinitionFiles.read(of: invocation, attempting: invocation.path.spelled)
    try self.init(files, invocation)
  }

  /// Compiles `files`, which need not be those of the working folder.
  init(_ files: TextFiles, _ invocation: Invocation) throws {
    let definitions = try Definitions.compiled(files, for: invocation)
    let registry = try Registry.ifThere(of: invocation)
    let wanted = DefinitionsSnapshot(files, definitions)
    let (current, standing) = try withRegistryErrors { () throws(RegistryError) in
      guard let registry else { return (0, DefinitionsSnapshot?.none) }
      let current = try registry.currentVersion()
      return (current, current == 0 ? nil : try registry.snapshot(of: current))
    }
    self.registry = registry
    self.current = current
    self.wanted = wanted
    change = DefinitionsChange(from: standing, to: wanted, meaning: definitions)
  }

  /// Writes what would change as a table.
  func show(on output: Output, _ paint: Paint) throws {
    let base = current == 0 ? "nothing is applied yet" : "version \(current) is applied"
    if change.isEmpty { return try output.line("\(base); nothing would change") }
    if change.isOnlyText {
      return try output.line("\(base); only its texts would change, and no meaning")
    }
    var table = Table(.left("Change"), .left("Kind"), .left("Name"))
    let changes = [
      ("create", change.created), ("change", change.changed), ("remove", change.removed),
    ]
    for (word, names) in changes {
      for name in names { table.append(word, name.kind.rawValue, name.name) }
    }
    for line in table.lines(columns: nil, paint: paint) { try output.line(line) }
    let counts = [
      "\(change.created.count) to create", "\(change.changed.count) to change",
      "\(change.removed.count) to remove", "\(change.unchangedCount) unchanged",
    ]
    try output.line("\(base); " + counts.joined(separator: ", "))
    if !change.reachedServices.isEmpty {
      try output.line("services reached: " + change.reachedServices.joined(separator: ", "))
    }
  }

  /// What would change, for machines.
  var json: JSON {
    func names(_ names: [DefinitionsSnapshot.Name]) -> JSON {
      .array(names.map { ["kind": .string($0.kind.rawValue), "name": .string($0.name)] })
    }
    return [
      "version": .count(current), "created": names(change.created),
      "changed": names(change.changed), "removed": names(change.removed),
      "unchanged": .count(change.unchangedCount), "only_text": .bool(change.isOnlyText),
      "services_reached": .strings(change.reachedServices),
    ]
  }
}
