import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletPlan
import MartletRegistry
import MartletSources

/// Notes what a training set was built from, so that it can be built again.
struct TrainingRecorder {
  private let registry: Registry
  private let version: Int
  private let stored: StoredData
  private let invocation: Invocation
  private var spine = ""

  /// The SHA-256 of the spine, which is read for it beside all else.
  private var spineHash: Aside<[UInt8]>?

  /// A recorder of a call that reads `stored` by definitions of version `version`.
  init(_ registry: Registry, _ version: Int, _ stored: StoredData, _ invocation: Invocation) {
    self.registry = registry
    self.version = version
    self.stored = stored
    self.invocation = invocation
  }

  /// Begins to hash the spine at `path`; there is no hash of standard input.
  mutating func readSpine(_ path: String, _ workers: Workers) {
    guard path != "-" else { return }
    spine = Self.wholePath(path)
    let interruption = invocation.interruption
    spineHash = Aside(isApart: workers.count > 1) {
      let file = try withProjectErrors { try LocalFile(path) }
      return try file.contentHash(checkpoint: { try interruption.check() })
    }
  }

  /// What is written into the file itself.
  func notes(of service: ServicePlan) throws -> [(key: String, value: String)] {
    [
      ("martlet.service", service.name), ("martlet.definitions", "\(version)"),
      ("martlet.data", "\(stored.version)"),
      ("martlet.spine", try spineHash?.value().hexadecimal ?? ""),
    ]
  }

  /// Records what was built, and says under which number.
  ///
  /// - Parameter identity: The columns that tell its rows apart.
  func record(
    _ kind: TrainingSetRecord.Kind, _ service: ServicePlan, _ report: TrainingReport,
    identity: [String], at moment: Instant? = nil
  ) throws {
    let paths = report.files.map(\.path)
    // What went through a pipe cannot be looked at again.
    guard let content = report.content, stored.version > 0 else { return }
    var words = invocation.words.without(Self.unrecorded)
    if let moment { words += ["--at", "\(moment)"] }
    let options: JSON = [
      "words": .strings(words), "files": .strings(paths.map(Self.wholePath)),
      "identity": .strings(identity),
    ]
    let record = TrainingSetRecord(
      kind: kind, service: service.name, version: version, data: stored.version, createdAt: .now,
      author: userName(), options: options.text, spine: spine,
      spineContent: try spineHash?.value() ?? [],
      path: paths.first.map(Self.wholePath) ?? "", content: content,
      rowCount: report.files.reduce(0) { $0 + $1.rows }, report: report.json.text,
      sets: stored.sets(of: service))
    let number = try withProjectErrors { try registry.record(record) }
    invocation.talk.say("training set \(number)")
  }

  /// Flags that say where and not what.
  private static let unrecorded: Set<String> = [
    "--out", "--spine", "--data", "--data-at", "--definitions", "--project", "--store", "--at",
    "--threads", "--memory", "--partial", "--json",
  ]

  /// The SHA-256 of the files at `paths`: of their hashes where they are several.
  static func content(of paths: [String], _ invocation: Invocation) throws -> [UInt8] {
    var hashes: [[UInt8]] = []
    for path in paths {
      let file = try withProjectErrors { try LocalFile(path) }
      hashes.append(
        try file.contentHash(checkpoint: { try invocation.interruption.check() }))
    }
    return hashes.count == 1 ? hashes[0] : SHA256.digest(Array(hashes.joined()))
  }

  /// `path` from the root on, links followed.
  private static func wholePath(_ path: String) -> String {
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return String(cString: whole)
  }
}

extension [String] {
  /// The words without the flags called `names` and their values.
  func without(_ names: Set<String>) -> [String] {
    let switches: Set<String> = ["--partial", "--json"]
    var kept: [String] = []
    var skipsNext = false
    for word in self {
      if skipsNext {
        skipsNext = false
        continue
      }
      let name = String(word.prefix { $0 != "=" })
      guard names.contains(name) else {
        kept.append(word)
        continue
      }
      skipsNext = name == word && !switches.contains(name)
    }
    return kept
  }
}
