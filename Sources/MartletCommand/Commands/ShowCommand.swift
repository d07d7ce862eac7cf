import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet show`
  static let show = Command(
    "show", "Show one definition: what it says, who uses it and how it looks.",
    operands: [wantedName], flags: [asPlan],
    examples: [
      Example("martlet show customer_spend"), Example("martlet show customer_spend.spend_24h"),
      Example("martlet show customer_spend --plan", "How its values come about, step by step:"),
    ],
    run: showDefinition)
}

private let wantedName = Operand.required(
  .text("NAME"), "An entity, a source, a feature set, a service, or SET.FEATURE.")

private let asPlan = Flag.switch(
  "plan", "Show what will run for a source, a stored set or a service, step by step.")

private func showDefinition(_ invocation: Invocation) throws -> ExitCode {
  let files = try DefinitionFiles.read(of: invocation, attempting: invocation.path.spelled)
  let definitions = try Definitions.compiled(files, for: invocation)
  let wanted = invocation[wantedName]
  guard let shown = Shown(wanted, in: definitions) else {
    let near = nearName(to: wanted, among: Shown.names(in: definitions))
    throw CommandError.failed(
      invocation.path.spelled,
      "nothing is called `\(wanted)`" + (near.map { "; did you mean `\($0)`?" } ?? ""),
      help: "`martlet list` shows what there is")
  }
  if invocation[asPlan] { return try showPlan(of: wanted, Plan(definitions), invocation) }
  let known = try CatalogFacts(of: invocation, definitions)
  let freshness = try shown.set.flatMap { try known.freshness(of: $0) }
  let statistics = try shown.set.map { try known.statistics(of: $0) } ?? []
  let file = files[shown.text]
  let line = file.position(at: Int(shown.text.start)).line
  let text = file.wholeLines(of: shown.text)
  switch invocation.form {
  case .text:
    var facts = [("Kind", shown.kind), ("Stands in", "\(file.path):\(line)")]
    facts += shown.facts + [("Identity", shown.identity.hexadecimal)]
    facts.append(("Used by", shown.users.isEmpty ? "nothing" : shown.users.joined(separator: ", ")))
    if !shown.twins.isEmpty { facts.append(("Same as", shown.twins.joined(separator: ", "))) }
    if let freshness { facts.append(("Read", freshness.text)) }
    if let own = shown.feature, let one = statistics.first(where: { $0.isOf(own) }),
      let profile = ReadProfile(one.facts)
    {
      facts.append(("Values", profile.brief))
      facts.append(("", "of \(count(profile.count, "value")) looked at in run \(one.run)"))
    }
    for (title, value) in facts {
      try invocation.output.line(title.padded(to: 11) + value)
    }
    try invocation.output.line("")
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      try invocation.output.line(line.isEmpty ? "" : "    " + line)
    }
    if shown.feature == nil { try show(statistics, invocation) }
  case .json:
    var document: [JSON.Member] = [
      JSON.Member("kind", .string(shown.kind)), JSON.Member("name", .string(wanted)),
      JSON.Member("file", .string(file.path)), JSON.Member("line", .count(line)),
      JSON.Member("identity", .string(shown.identity.hexadecimal)),
      JSON.Member("facts", .object(shown.facts.map { JSON.Member($0.0, .string($0.1)) })),
      JSON.Member("used_by", .strings(shown.users)), JSON.Member("twins", .strings(shown.twins)),
      JSON.Member("text", .string(text)),
    ]
    if let freshness { document += freshness.members }
    let values = statistics.filter { one in shown.feature.map { one.isOf($0) } ?? true }.map {
      one in
      JSON.Member(
        one.kind == .column ? "column \(one.name)" : one.name,
        (try? JSON(reading: one.facts)) ?? .string(one.facts))  // as it was kept
    }
    if !values.isEmpty { document.append(JSON.Member("values", .object(values))) }
    try invocation.output.line(JSON.object(document).text)
  }
  return .done
}

/// Shows what the values of a set looked like in its newest run.
private func show(_ statistics: [KeptStatistics], _ invocation: Invocation) throws {
  guard let run = statistics.first?.run else { return }
  var table = Table(.left("Of"), .left("Name"), .left("Values in run \(run)"))
  for one in statistics {
    table.append(one.kind.rawValue, one.name, ReadProfile(one.facts)?.brief ?? "")
  }
  try invocation.output.line("")
  let columns = invocation.terminal.output.columns
  for line in table.lines(columns: columns, paint: invocation.paint) {
    try invocation.output.line(line)
  }
}

extension KeptStatistics {
  fileprivate func isOf(_ feature: String) -> Bool { kind == .feature && name == feature }
}

/// Shows the part of `plan` that `name` is, or that the feature of that name belongs to.
private func showPlan(
  of name: String, _ plan: Plan, _ invocation: Invocation
) throws -> ExitCode {
  let set = name.split(separator: ".").first.map(String.init) ?? name
  let text =
    plan.source(name)?.description ?? plan.service(name)?.description ?? plan.set(set)?.description
  guard let text else {
    throw CommandError.failed(
      invocation.path.spelled, "nothing runs for `\(name)` by itself",
      help: "sources, stored feature sets and services have plans")
  }
  switch invocation.form {
  case .text: try invocation.output.line(text)
  case .json:
    let document: JSON = ["name": .string(name), "plan": .string(text)]
    try invocation.output.line(document.text)
  }
  return .done
}

/// What is shown of a definition.
private struct Shown {
  var kind: String
  var text: TextRange
  var identity: Identity
  var facts: [(String, String)] = []
  var users: [String] = []

  /// Features of other names that mean the same.
  var twins: [String] = []

  /// The feature set that it is or belongs to, and the feature's name if it is one.
  var set: String?
  var feature: String?

  static func names(in definitions: Definitions) -> [String] {
    definitions.entities.map(\.name) + definitions.sources.map(\.name)
      + definitions.featureSets.map(\.name) + definitions.services.map(\.name)
      + definitions.featureSets.flatMap { set in set.features.map { "\(set.name).\($0.name)" } }
  }

  init?(_ name: String, in definitions: Definitions) {
    let catalog = Catalog(definitions)
    if let entity = definitions.entity(name) {
      self.init(kind: "entity", text: entity.description.text, identity: entity.identity)
      add(entity.description)
      users = catalog.entry(.entity, name)?.readers ?? []
    } else if let source = definitions.source(name) {
      self.init(
        kind: "source of \(source.kind.rawValue)", text: source.description.text,
        identity: source.identity)
      add(source.description)
      users = catalog.entry(.source, name)?.readers ?? []
    } else if let set = definitions.featureSet(name) {
      self.init(kind: "feature set", text: set.description.text, identity: set.identity)
      add(set.description)
      users = catalog.entry(.features, name)?.readers ?? []
      self.set = name
    } else if let service = definitions.service(name) {
      self.init(kind: "service", text: service.description.text, identity: service.identity)
      add(service.description)
      facts.append(("Keys", service.keys.map { "\($0.name): \($0.type)" }.joined(separator: ", ")))
    } else {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, let set = definitions.featureSet(parts[0]),
        let feature = set.features.first(where: { $0.name == parts[1] })
      else { return nil }
      self.init(kind: "feature", text: feature.text, identity: feature.identity)
      facts.append(("Type", "\(feature.type)"))
      let entry = catalog.entry(.feature, name)
      users = entry?.readers ?? []
      twins = entry?.twins ?? []
      self.set = set.name
      self.feature = feature.name
    }
  }

  private init(kind: String, text: TextRange, identity: Identity) {
    self.kind = kind
    self.text = text
    self.identity = identity
  }

  private mutating func add(_ description: Description) {
    if let owner = description.owner { facts.append(("Owner", owner)) }
    if let about = description.about { facts.append(("About", about)) }
    if !description.tags.isEmpty {
      facts.append(("Tags", description.tags.joined(separator: ", ")))
    }
  }
}

extension TextFile {
  /// The lines on which `range` stands, without the blanks that the first begins with.
  fileprivate func wholeLines(of range: TextRange) -> String {
    let newline = UInt8(ascii: "\n")
    let start = bytes[..<Int(range.start)].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let end = bytes[Int(range.end)...].firstIndex(of: newline) ?? bytes.count
    let text = bytes[start..<end].drop { $0 == UInt8(ascii: " ") }
    return String(decoding: text, as: UTF8.self)
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
