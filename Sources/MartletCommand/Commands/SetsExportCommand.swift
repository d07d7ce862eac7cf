import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletOffline
import MartletRegistry
import MartletSources

extension Command {
  /// `martlet sets export`
  static let setsExport = Command(
    "export", "Put a training set into a folder with all that says how it was built.",
    about: """
      The folder has the set's files, the spine, the definitions, and `manifest.json`: the record, with \
      the SHA-256 of every file in the folder, of the sources' files and of the segments that it was \
      built from. Another machine can check the bytes by it, and with the same source files build the \
      set again.
      """,
    operands: [wantedSet], flags: [out], examples: [Example("martlet sets export 3 --out set-3")],
    run: exportSet)
}

private let wantedSet = Operand.required(.int(in: 1...Int.max), "The training set's number.")
private let out = Flag.required("out", .path("DIR"), "The folder to make; it must be empty.")

private func exportSet(_ invocation: Invocation) throws -> ExitCode {
  let set = try TrainingSetRecord.numbered(invocation[wantedSet], invocation)
  let attempt = "exporting training set \(set.number)"
  guard let registry = try Registry.ifThere(of: invocation) else { return .no }
  guard try TrainingRecorder.content(of: set.files, invocation) == set.content else {
    throw CommandError.failed(
      attempt, "its bytes are not those that were built",
      help: "`martlet sets rebuild \(set.number) --out FILE` makes them again")
  }
  let hasSpine = !set.spine.isEmpty
  if hasSpine {
    guard try TrainingRecorder.content(of: [set.spine], invocation) == set.spineContent else {
      throw CommandError.failed(attempt, "`\(set.spine)` is not the spine that it was built from")
    }
  }
  let path = invocation[out].hasSuffix("/") ? String(invocation[out].dropLast()) : invocation[out]
  guard try Folder.isEmptyOrMissing(path) else {
    throw CommandError.failed(attempt, "the folder `\(path)` is not empty")
  }
  let staged = try StagedFolder(at: path)
  do {
    var export = Export(folder: staged.partial, invocation: invocation)
    for file in set.files { try export.copy(file, to: "set") }
    if hasSpine { try export.copy(set.spine, to: "spine") }
    let definitions = try withRegistryErrors { () throws(RegistryError) in
      try registry.snapshot(of: set.version)
    }
    for (name, text) in definitions.files.sorted(by: { $0.key < $1.key }) {
      try export.write(text, to: "definitions/" + name)
    }
    try export.writeManifest(of: set, registry)
  } catch {
    staged.abandon()
    throw error
  }
  try staged.commit()
  try invocation.output.line("training set \(set.number) in \(path)")
  return .done
}

/// A folder that a training set is put into.
private struct Export {
  let folder: String
  let invocation: Invocation
  private(set) var files: [JSON] = []

  init(folder: String, invocation: Invocation) {
    self.folder = folder
    self.invocation = invocation
  }

  /// Copies the file at `path` into a folder of this one.
  mutating func copy(_ path: String, to subfolder: String) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let source = try withProjectErrors { try LocalFile(path) }
    let interruption = invocation.interruption
    try write(to: "\(subfolder)/\(name)") { sink in
      var offset = 0
      while offset < source.byteCount {
        try interruption.check()
        let size = min(1 << 20, source.byteCount - offset)
        let bytes = try [UInt8](unsafeUninitializedCapacity: size) { room, count in
          try source.read(
            at: offset,
            into: UnsafeMutableRawBufferPointer(
              rebasing: UnsafeMutableRawBufferPointer(room)[..<size]))
          count = size
        }
        try sink(bytes)
        offset += size
      }
    }
  }

  mutating func write(_ bytes: [UInt8], to name: String) throws {
    try write(to: name) { sink in try sink(bytes) }
  }

  private mutating func write(
    to name: String, _ body: (_ sink: ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    let parts = name.split(separator: "/")
    for count in 1..<max(parts.count, 1) {
      try Folder.make("\(folder)/\(parts.prefix(count).joined(separator: "/"))")
    }
    var hash = SHA256()
    var byteCount = 0
    do {
      let file = try OutputFile(at: "\(folder)/\(name)")
      try body { bytes in
        try file.write(bytes.span.bytes)
        bytes.withUnsafeBytes { hash.add($0) }
        byteCount += bytes.count
      }
      try file.commit()
    } catch let error as SystemError {
      throw CommandError.failed("writing `\(folder)/\(name)`", error)
    }
    files.append([
      "path": .string(name), "bytes": .count(byteCount),
      "sha256": .string(hash.digest().hexadecimal),
    ])
  }

  /// Writes what is known of the set, of the folder's files and of what it was built from.
  mutating func writeManifest(of set: TrainingSetRecord, _ registry: Registry) throws {
    var sources: [JSON] = []
    for name in set.sets {
      let contents = try withRegistryErrors { () throws(RegistryError) in
        try registry.contents(of: name, at: set.data)
      }
      sources.append([
        "set": .string(name.name), "layout": .string("\(name.layout)"),
        "segments": .strings(contents.segments.map(\.name)),
        "files": .array(
          contents.files.map {
            ["path": .string($0.file.path), "sha256": .string($0.file.content.hexadecimal)]
          }),
      ])
    }
    let manifest: JSON = [
      "format": .count(1), "martlet": .string(martletVersion), "record": set.json,
      // What can be read of it.
      "options": (try? JSON(reading: set.options)) ?? .string(set.options),
      "files": .array(files), "built_from": .array(sources),
    ]
    try write(Array((manifest.text + "\n").utf8), to: "manifest.json")
  }
}
