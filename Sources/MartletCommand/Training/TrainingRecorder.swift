import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletPlan
import MartletRegistry
import MartletSources
import Synchronization

/// Notes what a training set was built from, so that it can be built again.
struct TrainingRecorder {
  private let registry: Registry
  private let version: Int
  private let stored: StoredData
  private let invocation: Invocation
  private var spine = ""
  private var spineContent: [UInt8] = []

  /// A recorder of a call that reads `stored` by definitions of version `version`.
  init(_ registry: Registry, _ version: Int, _ stored: StoredData, _ invocation: Invocation) {
    self.registry = registry
    self.version = version
    self.stored = stored
    self.invocation = invocation
  }

  /// Takes the hash of the spine at `path`; there is none of standard input.
  mutating func readSpine(_ path: String) throws {
    guard path != "-" else { return }
    spine = Self.wholePath(path)
    spineContent = try Self.content(of: [path], invocation)
  }

  /// What is written into the file itself.
  func notes(of service: ServicePlan) -> [(key: String, value: String)] {
    [
      ("martlet.service", service.name), ("martlet.definitions", "\(version)"),
      ("martlet.data", "\(stored.version)"), ("martlet.spine", spineContent.hexadecimal),
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
    guard !paths.contains("standard output"), stored.version > 0 else { return }
    let content = try report.content?.get() ?? Self.content(of: paths, invocation)
    var words = invocation.words.without(Self.unrecorded)
    if let moment { words += ["--at", "\(moment)"] }
    let options: JSON = [
      "words": .strings(words), "files": .strings(paths.map(Self.wholePath)),
      "identity": .strings(identity),
    ]
    let record = TrainingSetRecord(
      kind: kind, service: service.name, version: version, data: stored.version, createdAt: .now,
      author: userName(), options: options.text, spine: spine, spineContent: spineContent,
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
    try content(of: paths, invocation.interruption)
  }

  private static func content(
    of paths: [String], _ interruption: Interruption
  ) throws -> [UInt8] {
    var hashes: [[UInt8]] = []
    for path in paths {
      let file = try withProjectErrors { try LocalFile(path) }
      hashes.append(
        try file.contentHash(checkpoint: { try interruption.check() }))
    }
    return hashes.count == 1 ? hashes[0] : SHA256.digest(Array(hashes.joined()))
  }

  /// Hashes the files at `paths` while what is to be said of `summaries` is worked out: either takes a
  /// thread a while.
  static func finish(
    _ paths: [String], _ summaries: [FeatureSummary], _ workers: Workers, _ invocation: Invocation
  ) -> (content: Result<[UInt8], any Error>?, statistics: [FeatureStatistics]) {
    let interruption = invocation.interruption
    let isRecorded = !paths.contains("-")
    let content = Mutex<Result<[UInt8], any Error>?>(nil)
    let statistics = FeatureSummary.statistics(of: summaries) { count, body in
      workers.forEach(count + 1) { index in
        guard index == 0 else { return body(index - 1) }
        guard isRecorded else { return }
        let found = Result { try Self.content(of: paths, interruption) }
        content.withLock { $0 = found }
      }
    }
    return (content.withLock { $0 }, statistics)
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
