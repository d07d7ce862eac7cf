import MartletColumns
import MartletDiagnostics
import MartletLanguage

/// The definitions of a project that begins with some files: their sources, the entities that their rows
/// seem to be about, a first feature set for each, and a service that gives them all.
public struct ProjectDraft: Sendable {
  /// The definitions, in the one layout.
  public let text: String

  /// The feature sets.
  public let sets: [String]

  /// A project of `sources`.
  public init(_ sources: [SourceDraft]) {
    var names = Set(sources.map(\.name))
    var entities: [(name: String, key: Field)] = []
    var sets: [String] = []
    var bodies: [String] = []
    for source in sources where source.time != nil {
      for key in source.keys {
        let known = entities.first { $0.key.name == key.name }
        // One name and two types are two things, and which is meant is not for us to say.
        guard known == nil || known?.key.type == key.type else { continue }
        let entity = known?.name ?? Self.name(of: key, apartFrom: &names)
        if known == nil { entities.append((entity, key)) }
        guard let body = source.features(apartFrom: key) else { continue }
        let set = Self.unused("\(entity)_\(source.name)", &names)
        sets.append(set)
        bodies.append("features \(set) of \(entity) from \(source.name) {\n\(body)}\n")
      }
    }
    var parts = entities.map { entity in
      "entity \(entity.name)(\(Spelling.name(entity.key.name) ?? "key"): \(entity.key.type))\n"
    }
    parts = parts.isEmpty ? [] : [parts.joined()]
    parts += sources.map(\.text) + bodies
    if !sets.isEmpty {
      let items = sets.map { "\($0).*\n" }.joined()
      parts.append("service \(Self.unused("first_model", &names)) {\n\(items)}\n")
    }
    let text = parts.joined(separator: "\n")
    self.text = format(TextFile(path: "definitions", text: text)).value ?? text
    self.sets = sets
  }

  /// `customer` for the key `customer_id`.
  private static func name(of key: Field, apartFrom names: inout Set<String>) -> String {
    var name = SourceDraft.name(for: key.name)
    if name.hasSuffix("_id"), name != "_id" { name.removeLast(3) }
    return unused(name, &names)
  }

  private static func unused(_ name: String, _ names: inout Set<String>) -> String {
    var candidate = Spelling.name(name) == name ? name : name + "_"
    while !names.insert(candidate).inserted { candidate += "_2" }
    return candidate
  }
}

extension SourceDraft {
  /// The first features of an entity known by `key`; `nil` where the rows hold nothing else.
  fileprivate func features(apartFrom key: Field) -> String? {
    let others = columns.filter { column in
      ![key.name, time, id].contains(column.name) && Spelling.name(column.name) != nil
        && !column.name.contains("__")
    }
    if isOfStates {
      let lines = others.compactMap { Spelling.name($0.name) }.map { "\($0)\n" }
      return lines.isEmpty ? nil : lines.joined()
    }
    var lines = ["number = count() over 1d, 7d, 30d\n"]
    let keys = self.keys.map(\.name)
    for column in others where column.type == .double && !keys.contains(column.name) {
      guard let name = Spelling.name(column.name), name == column.name, name != "number" else {
        continue
      }
      lines.append("\(name) = sum(\(name)) over 1d, 7d, 30d\n")
    }
    return lines.joined()
  }
}
