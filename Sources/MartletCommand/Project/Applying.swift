import Martlet
import MartletDiagnostics
import MartletLanguage
import MartletPlan
import MartletRegistry

/// Definitions beside the version that they are to follow.
struct Applying {
  /// `nil` while nothing was ever applied.
  let registry: Registry?
  let current: Int
  let wanted: DefinitionsSnapshot
  let change: DefinitionsChange

  /// The sets whose rows must be read again.
  let rereadings: [Rereading]

  /// Where sources are to have files, and have none.
  let emptyPlaces: [EmptyPlace]

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
    let before = standing.flatMap { invocation.meaning(of: $0) }
    self.registry = registry
    self.current = current
    self.wanted = wanted
    let folder = invocation.settings.project.value ?? "."
    emptyPlaces = EmptyPlace.all(of: definitions, in: folder)
    change = DefinitionsChange(from: standing, meaning: before, to: wanted, meaning: definitions)
    rereadings =
      change.edits.isEmpty
      ? []
      : Rereading.all(
        from: before.map { Plan($0) }, to: Plan(definitions), definitions,
        in: folder)
  }
}

extension Invocation {
  /// What `snapshot` means, unless it was written in a language that is no longer read.
  func meaning(of snapshot: DefinitionsSnapshot) -> Definitions? {
    let files = snapshot.files.sorted { $0.key < $1.key }
      .map { TextFile(path: $0.key, bytes: $0.value) }
    let program = compile(TextFiles(files))
    return program.findings.containError ? nil : program.value.definitions
  }
}

// MARK: For people

extension Applying {
  /// Writes what would change, and warns of what stands in the way of the next run.
  func show(on invocation: Invocation) throws {
    try showChange(on: invocation.output, invocation.paint)
    for place in emptyPlaces {
      invocation.talk.say(
        "warning: `\(place.source)` has no rows to read: \(place.reason) at `\(place.path)`")
    }
  }

  private func showChange(on output: Output, _ paint: Paint) throws {
    let base = current == 0 ? "nothing is applied yet" : "version \(current) is applied"
    if change.isEmpty { return try output.line("\(base); nothing would change") }
    if change.isOnlyText {
      return try output.line("\(base); only its texts would change, and no meaning")
    }
    for line in change.table.lines(columns: nil, paint: paint) { try output.line(line) }
    if !rereadings.isEmpty {
      try output.line("")
      for line in readAgain.lines(columns: nil, paint: paint) { try output.line(line) }
    }
    if !change.breaks.isEmpty {
      try output.line("\n" + paint("Callers would notice", .title))
      for broken in change.breaks { try output.line("\(broken)") }
    }
    let counts = [
      "\(change.names(of: .create).count) to create",
      "\(change.names(of: .change).count) to change",
      "\(change.names(of: .remove).count) to remove", "\(change.reached.count) reached",
      "\(change.unchangedCount) unchanged",
    ]
    try output.line("\n\(base); " + counts.joined(separator: ", "))
  }

  private var readAgain: Table {
    var table = Table(
      .left("Read again"), .left("Why"), .left("From"), .right("Files"), .right("Rows"),
      .right("Bytes"))
    for reading in rereadings {
      let why =
        switch reading.reason {
        case .new: "is new"
        case .layout: "keeps other rows or columns"
        }
      let rows = reading.size?.rowCount.map { rows in
        (reading.size?.isEstimated ?? false ? "about " : "") + abbreviated(rows)
      }
      table.append(
        reading.set, why, reading.source, reading.size.map { "\($0.fileCount)" } ?? "unknown",
        rows ?? "unknown", reading.size?.byteCount.asSize ?? "unknown")
    }
    return table
  }
}

// MARK: For machines

extension Applying {
  /// What would change, for machines.
  var json: JSON {
    .object(
      [JSON.Member("version", .count(current))] + change.members + [
        JSON.Member("read_again", readAgainJSON),
        JSON.Member(
          "empty_places",
          .array(
            emptyPlaces.map { place in
              [
                "source": .string(place.source), "path": .string(place.path),
                "says": .string(place.reason),
              ]
            })),
      ])
  }

  private var readAgainJSON: JSON {
    .array(
      rereadings.map { reading in
        [
          "set": .string(reading.set), "why": .string(reading.reason.rawValue),
          "source": .string(reading.source),
          "files": reading.size.map { .count($0.fileCount) } ?? nil,
          "rows": reading.size?.rowCount.map { .count($0) } ?? nil,
          "rows_are_estimated": .bool(reading.size?.isEstimated ?? false),
          "bytes": reading.size.map { .count($0.byteCount) } ?? nil,
        ]
      })
  }
}
