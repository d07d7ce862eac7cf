import MartletColumns
import MartletDiagnostics
import MartletLanguage

extension Command {
  /// `martlet list`
  static let list = Command(
    "list", "List what the definitions define.",
    operands: [wantedKind],
    examples: [Example("martlet list"), Example("martlet list features --json")],
    run: listDefinitions)
}

private let wantedKind = Operand.optional(
  ValueKind<ListedKind>.choice, "Of this kind alone; features stand under their set.")

/// What can be listed.
enum ListedKind: String, CaseIterable, Sendable {
  case entities, sources, sets, features, services
}

private func listDefinitions(_ invocation: Invocation) throws -> ExitCode {
  let files = try DefinitionFiles.read(of: invocation, attempting: invocation.path.spelled)
  let definitions = try Definitions.compiled(files, for: invocation)
  let entries = Entry.all(of: definitions).filter { entry in
    invocation[wantedKind].map { $0 == entry.kind } ?? (entry.kind != .features)
  }
  switch invocation.form {
  case .text:
    var table = Table(.left("Kind"), .left("Name"), .left("What"), .left("Owner"), .left("About"))
    for entry in entries {
      table.append(
        entry.kind.singular, entry.name, entry.what, entry.description?.owner ?? "",
        entry.description?.about ?? "")
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  case .json:
    for entry in entries { try invocation.output.line(entry.json.text) }
  }
  return .done
}

/// A line of the list.
private struct Entry {
  var kind: ListedKind
  var name: String
  var what: String
  var description: Description?
  var identity: Identity

  static func all(of definitions: Definitions) -> [Entry] {
    var entries = definitions.entities.map { entity in
      let keys = entity.keys.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
      return Entry(
        kind: .entities, name: entity.name, what: keys, description: entity.description,
        identity: entity.identity)
    }
    entries += definitions.sources.map { source in
      Entry(
        kind: .sources, name: source.name,
        what: "\(source.kind.rawValue), \(count(source.columns.count, "column"))",
        description: source.description, identity: source.identity)
    }
    for set in definitions.featureSets {
      entries.append(
        Entry(
          kind: .sets, name: set.name,
          what: "\(count(set.features.count, "feature")) \(set.origin)",
          description: set.description, identity: set.identity))
      entries += set.features.map { feature in
        Entry(
          kind: .features, name: "\(set.name).\(feature.name)", what: "\(feature.type)",
          description: nil, identity: feature.identity)
      }
    }
    entries += definitions.services.map { service in
      let keys = service.keys.map(\.name).joined(separator: ", ")
      return Entry(
        kind: .services, name: service.name,
        what: "\(count(service.items.count, "feature")) by \(keys)",
        description: service.description, identity: service.identity)
    }
    return entries
  }

  var json: JSON {
    [
      "kind": .string(kind.singular), "name": .string(name), "what": .string(what),
      "owner": description?.owner.map { .string($0) } ?? nil,
      "about": description?.about.map { .string($0) } ?? nil,
      "tags": .strings(description?.tags ?? []), "identity": .string(identity.hexadecimal),
    ]
  }
}

extension ListedKind {
  /// The kind of one thing.
  fileprivate var singular: String {
    switch self {
    case .entities: "entity"
    case .sources: "source"
    case .sets: "set"
    case .features: "feature"
    case .services: "service"
    }
  }
}

extension FeatureSet {
  /// What the features are of: "of customer from transactions".
  fileprivate var origin: String {
    switch kind {
    case .stored(let stored): "of \(entity ?? "") from \(stored.source)"
    case .computed: "computed when asked"
    }
  }
}
