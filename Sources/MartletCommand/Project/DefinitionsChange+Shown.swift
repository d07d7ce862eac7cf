import Martlet
import MartletDiagnostics
import MartletRegistry

extension DefinitionsChange {
  /// What is created, changed and removed, and what each reaches.
  var table: Table {
    var table = Table(.left("Change"), .left("Kind"), .left("Name"), .left("Reaches"))
    for edit in edits {
      table.append(
        edit.kind.rawValue, edit.name.kind.rawValue, edit.name.name, edit.reaches.spoken)
    }
    return table
  }

  /// The same, for machines.
  var members: [JSON.Member] {
    [
      .init("created", json(.create)), .init("changed", json(.change)),
      .init("removed", json(.remove)), .init("reached", .array(reached.map(\.json))),
      .init("unchanged", .count(unchangedCount)), .init("only_text", .bool(isOnlyText)),
      .init("services_reached", .strings(reachedServices)),
      .init(
        "breaks",
        .array(
          breaks.map { broken in
            [
              "service": .string(broken.service), "what": .string(broken.kind.rawValue),
              "name": .string(broken.name), "before": broken.before.map { .string($0) } ?? nil,
              "after": broken.after.map { .string($0) } ?? nil, "says": .string("\(broken)"),
            ]
          })),
    ]
  }

  private func json(_ kind: Edit.Kind) -> JSON {
    .array(
      edits.filter { $0.kind == kind }.map { edit in
        [
          "kind": .string(edit.name.kind.rawValue), "name": .string(edit.name.name),
          "reaches": .array(edit.reaches.map(\.json)),
        ]
      })
  }
}

extension DefinitionsSnapshot.Name {
  fileprivate var json: JSON { ["kind": .string(kind.rawValue), "name": .string(name)] }
}

extension [DefinitionsSnapshot.Name] {
  /// The names while they are few, else how many there are.
  fileprivate var spoken: String {
    if count <= 4 { return map(\.name).joined(separator: ", ") }
    let features = count { $0.kind == .feature }
    let services = filter { $0.kind == .service }.map(\.name)
    let named = services.count <= 3 ? services : [MartletCommand.count(services.count, "service")]
    return ([MartletCommand.count(features, "feature")] + named).joined(separator: ", ")
  }
}
