import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletRegistry

extension Command {
  /// `martlet list`
  static let list = Command(
    "list", "List what the definitions define, who uses it, and how fresh it is.",
    about: """
      A set is as fresh as the moment at which its source was last looked through; `late` where that is longer \
      ago than `fresh` promises. Features are shown with what their values looked like in the newest run.
      """,
    operands: [wantedKind],
    examples: [
      Example("martlet list"), Example("martlet list features"),
      Example("martlet list sets --json"),
    ],
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
  let catalog = Catalog(definitions)
  let known = try CatalogFacts(of: invocation, definitions)
  switch invocation.form {
  case .text:
    let headings: [Table.Heading] = [
      .left("Kind"), .left("Name"), .left("What"), .left("Read"), .left("Used by"),
    ]
    let isOfFeatures = invocation[wantedKind] == .features
    var table = Table(
      headings + (isOfFeatures ? [.left("Values")] : [.left("Owner"), .left("About")]))
    for entry in entries {
      let readers = catalog.entry(entry.kind.node, entry.name)?.readers ?? []
      var cells = [
        entry.kind.singular, entry.name, entry.what, try known.freshness(of: entry)?.text ?? "",
        entry.kind == .services ? "" : spelled(readers),
      ]
      if isOfFeatures {
        cells.append(try known.profile(of: entry)?.brief ?? "")
      } else {
        cells += [entry.description?.owner ?? "", entry.description?.about ?? ""]
      }
      table.append(cells)
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  case .json:
    for entry in entries {
      var members = entry.members
      let found = catalog.entry(entry.kind.node, entry.name)
      members.append(JSON.Member("used_by", .strings(found?.readers ?? [])))
      if entry.kind == .features {
        members.append(JSON.Member("twins", .strings(found?.twins ?? [])))
      }
      if let freshness = try known.freshness(of: entry) { members += freshness.members }
      if let facts = try known.facts(of: entry) { members.append(JSON.Member("values", facts)) }
      try invocation.output.line(JSON.object(members).text)
    }
  }
  return .done
}

/// Who uses something, while they are few.
private func spelled(_ readers: [String]) -> String {
  switch readers.count {
  case 0: "nothing"
  case 1...2: readers.joined(separator: ", ")
  default: "\(readers.count)"
  }
}

extension CatalogFacts {
  fileprivate func freshness(of entry: Entry) throws -> Freshness? {
    entry.kind == .sets ? try freshness(of: entry.name) : nil
  }

  fileprivate func profile(of entry: Entry) throws -> ReadProfile? {
    try statistics(of: entry).flatMap { ReadProfile($0.facts) }
  }

  fileprivate func facts(of entry: Entry) throws -> JSON? {
    try statistics(of: entry).flatMap { try? JSON(reading: $0.facts) }  // shown if it can be read
  }

  private func statistics(of entry: Entry) throws -> KeptStatistics? {
    guard entry.kind == .features else { return nil }
    let parts = entry.name.split(separator: ".", maxSplits: 1).map(String.init)
    return try statistics(of: parts[0]).first { $0.kind == .feature && $0.name == parts[1] }
  }
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

  var members: [JSON.Member] {
    [
      JSON.Member("kind", .string(kind.singular)), JSON.Member("name", .string(name)),
      JSON.Member("what", .string(what)),
      JSON.Member("owner", description?.owner.map { .string($0) } ?? nil),
      JSON.Member("about", description?.about.map { .string($0) } ?? nil),
      JSON.Member("tags", .strings(description?.tags ?? [])),
      JSON.Member("identity", .string(identity.hexadecimal)),
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

extension ListedKind {
  /// What the catalog calls it.
  fileprivate var node: LineageNode.Kind {
    switch self {
    case .entities: .entity
    case .sources: .source
    case .sets: .features
    case .features: .feature
    case .services: .service
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
