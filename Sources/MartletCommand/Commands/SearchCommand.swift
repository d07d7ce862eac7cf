import Martlet
import MartletDiagnostics
import MartletLanguage
import MartletRegistry

extension Command {
  /// `martlet search`
  static let search = Command(
    "search", "Find what is defined by its name, description, owner or tags.",
    about: """
      All WORDs must be there, whatever their case. Without a WORD everything is listed: --unused for \
      features that no service and no other feature reads and columns that nothing does, --twins for \
      features that mean the same under two names.
      """,
    operands: [words], flags: [unused, twins],
    examples: [
      Example("martlet search spend"), Example("martlet search risk@example.com --json"),
      Example("martlet search --unused", "What could go:"),
      Example("martlet search --twins", "What is defined twice:"),
    ],
    run: searchDefinitions)
}

private let words = Operand.rest(.text("WORD"), "What to look for.")
private let unused = Flag.switch("unused", "Only what nothing uses.")
private let twins = Flag.switch("twins", "Only features that another means the same as.")

private func searchDefinitions(_ invocation: Invocation) throws -> ExitCode {
  let files = try DefinitionFiles.read(of: invocation, attempting: invocation.path.spelled)
  let definitions = try Definitions.compiled(files, for: invocation)
  let found = Catalog(definitions).search(invocation[words]).filter { entry in
    (!invocation[unused] || entry.isUnused) && (!invocation[twins] || !entry.twins.isEmpty)
  }
  let opened = try Registry.ifThere(of: invocation)
  func lastRead(_ entry: Catalog.Entry) throws -> SetRead? {
    let set = entry.node.name.split(separator: ".").first.map(String.init) ?? entry.node.name
    guard entry.node.kind == .features || entry.node.kind == .feature else { return nil }
    return try withProjectErrors { try opened?.lastRead(of: set) }
  }
  switch invocation.form {
  case .json:
    for entry in found {
      let line: JSON = [
        "kind": .string(entry.node.kind.rawValue), "name": .string(entry.node.name),
        "type": entry.type.map { .string($0) } ?? nil,
        "owner": entry.owner.map { .string($0) } ?? nil,
        "about": entry.about.map { .string($0) } ?? nil, "tags": .strings(entry.tags),
        "used_by": .strings(entry.users.map(\.name)), "twins": .strings(entry.twins),
        "read_at": try lastRead(entry).map { .string("\($0.at)") } ?? nil,
      ]
      try invocation.output.line(line.text)
    }
  case .text:
    if found.isEmpty { try invocation.output.line("nothing is found") }
    var table = Table(
      .left("Kind"), .left("Name"), .left("Type"), .left("Used by"), .left("Read"), .left("About"))
    for entry in found {
      var about = entry.about ?? ""
      if invocation[twins] { about = "means the same as \(entry.twins.joined(separator: ", "))" }
      table.append(
        entry.node.kind.spoken, entry.node.name, entry.type ?? "", users(of: entry),
        try lastRead(entry).map { "\($0.at)" } ?? "", about)
    }
    guard !found.isEmpty else { break }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return found.isEmpty ? .no : .done
}

/// Who uses it, while they are few.
private func users(of entry: Catalog.Entry) -> String {
  let names = entry.users.map(\.name)
  return names.count <= 2 ? names.joined(separator: ", ") : "\(names.count)"
}
