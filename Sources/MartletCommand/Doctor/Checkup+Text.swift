import MartletDiagnostics

extension Checkup {
  /// The findings for people.
  func lines(columns: Int?, paint: Paint) -> [String] {
    var lines = [
      "martlet \(martletVersion), \(Toolchain.configuration), built with \(Toolchain.swift)"
        + " for \(Toolchain.architecture)",
      "\(machine.system), \(machine.coreCount) cores, "
        + "\(machine.memoryInBytes.asSize) of memory", "",
    ]
    var libraryTable = Table(.left("Library"), .left("Version"), .left("Traits"), .left("File"))
    for library in libraries {
      libraryTable.append(
        library.name, library.version ?? "unknown", library.traits.joined(separator: ", "),
        library.file ?? "part of the program")
    }
    lines += libraryTable.lines(columns: columns, paint: paint) + [""]
    var settingTable = Table(.left("Setting"), .left("Value"), .left("From"))
    for row in settings.described { settingTable.append(row.name, row.value ?? "none", row.origin) }
    lines += settingTable.lines(columns: columns, paint: paint) + ["", "Store: \(store)"]
    if let log { lines.append("Log:   \(log)") }
    if let data { lines.append("Data:  \(data)") }
    for problem in problems {
      lines += [
        "", paint("problem", .error) + paint(": \(problem.title)"),
        paint("  =", .frame) + paint(" help", .advice) + paint(": \(problem.help)"),
      ]
    }
    return lines
  }

  /// The findings for machines.
  var json: JSON {
    [
      "version": .string(martletVersion),
      "built": [
        "with": .string(Toolchain.swift), "configuration": .string(Toolchain.configuration),
        "architecture": .string(Toolchain.architecture),
      ],
      "machine": [
        "system": .string(machine.system), "cores": .count(machine.coreCount),
        "memory_bytes": .count(machine.memoryInBytes),
      ],
      "libraries": .array(
        libraries.map { library in
          [
            "name": .string(library.name), "version": .text(library.version),
            "traits": .strings(library.traits), "file": .text(library.file),
          ]
        }),
      "settings": .array(
        settings.described.map { row in
          [
            "name": .string(row.name), "value": .text(row.value), "from": .string(row.origin),
          ]
        }),
      "store": .string("\(store)"),
      "log": log.map { ["rows": .count($0.rowCount), "is_sound": .bool($0.problem == nil)] } ?? nil,
      "data": data.map { data in
        [
          "segments": .count(data.segmentCount), "bytes": .count(data.byteCount),
          "unknown_files": .strings(data.strangers), "is_sound": .bool(data.problems.isEmpty),
        ]
      } ?? nil,
      "problems": .array(
        problems.map { ["title": .string($0.title), "help": .string($0.help)] }),
    ]
  }
}

extension Settings {
  /// A row for each setting, in the order in which they matter.
  fileprivate var described: [(name: String, value: String?, origin: String)] {
    [
      ("project", project.value, project.origin.description),
      ("store", store.value, store.origin.description),
      ("zone", zone.value ?? "UTC", zone.origin.description),
      (
        "memory", memoryInBytes.value.map { Int(clamping: $0).asSize },
        memoryInBytes.origin.description
      ),
      ("retain", retain.value.map { "\($0)" } ?? "for ever", retain.origin.description),
      ("color", color.value.rawValue, color.origin.description),
      ("progress", progress.value.rawValue, progress.origin.description),
    ]
  }
}

extension JSON {
  fileprivate static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}
