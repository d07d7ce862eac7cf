import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletOnline
import MartletRegistry
import MartletSources
import Synchronization

/// A project whose online store is open in a process of its caller's own, to be asked without a network.
///
///     let project = try EmbeddedProject("shop")
///     project.questions.get(question)
///
/// The process owns the online store while this is there, as a server would. Any thread may ask, also
/// while another takes in what is new; a question is answered by one version and one state of the data.
public final class EmbeddedProject: Sendable {
  private let folder: String
  private let storeFolder: String
  private let served = OnlineServedStore()

  /// What is open. Whoever changes it holds it, so that two updates follow each other.
  private let opened: Mutex<Opened>

  private struct Opened {
    var version: Int
    var online: OnlineData
  }

  /// Opens the project in `folder` by the definitions that were last applied, and loads what is
  /// materialized.
  ///
  /// - Parameter store: The folder of what is stored; `nil` is `.martlet` in the project's.
  public init(_ folder: String, store: String? = nil) throws(EmbeddingError) {
    self.folder = folder
    storeFolder = store ?? "\(folder)/.martlet"
    let (opened, project) = try Self.trying { [storeFolder] in
      let registry = try Self.registry(of: storeFolder)
      let (project, version) = try Self.applied(registry, folder, storeFolder)
      let online = try OnlineData(project, registry)
      _ = try online.update(registry, at: Instant(microseconds: Clock.microseconds))
      return (Opened(version: version, online: online), project)
    }
    self.opened = Mutex(opened)
    try Self.trying { try Self.serve(opened, project, to: served) }
  }

  /// Questions to what is served.
  public var questions: InProcess { InProcess(served) }

  /// Makes the service called `name` ready to be asked about one entity at a time.
  ///
  /// - Throws: The problem that HTTP would answer with.
  public func prepare(_ name: String) throws(InProcess.Answer) -> PreparedLookup {
    try PreparedLookup(name, of: served)
  }

  /// Takes in what was applied and materialized since. Where that fails, what was served goes on being.
  public func update() throws(EmbeddingError) {
    try Self.trying { [self] in
      let registry = try Self.registry(of: storeFolder)
      let now = Instant(microseconds: Clock.microseconds)
      try opened.withLock { opened in
        guard try registry.currentVersion() != opened.version else {
          _ = try opened.online.update(registry, at: now)
          return
        }
        let (project, version) = try Self.applied(registry, folder, storeFolder)
        let newer = Opened(
          version: version, online: try OnlineData(project, over: opened.online))
        _ = try newer.online.update(registry, at: now)
        try Self.serve(newer, project, to: served)
        opened = newer
      }
    }
  }

  // MARK: Opening

  private static func serve(
    _ opened: Opened, _ project: Project, to served: OnlineServedStore
  ) throws {
    try served.serve(
      "\(opened.version)", project.definitions, project.plan, over: opened.online.store,
      zones: project.zones, records: ProjectRecords(project, opened.online, version: opened.version)
    )
  }

  /// The registry below `store`; there has to be one.
  private static func registry(of store: String) throws -> Registry {
    let path = "\(store)/registry.sqlite"
    guard access(path, F_OK) == 0 else { throw EmbeddingError.nothingApplied(in: store) }
    return try Registry(at: path)
  }

  /// The project by the definitions that were last applied.
  private static func applied(
    _ registry: Registry, _ folder: String, _ store: String
  ) throws -> (project: Project, version: Int) {
    let version = try registry.currentVersion()
    guard version > 0 else { throw EmbeddingError.nothingApplied(in: store) }
    let files = try registry.snapshot(of: version).files.sorted { $0.key < $1.key }
    let program = compile(
      TextFiles(files.map { TextFile(path: $0.key, bytes: $0.value) }), knowing: ZoneFiles.names)
    guard !program.findings.contains(where: { $0.severity == .error }) else {
      throw EmbeddingError(
        "opening `\(folder)`: version \(version) of the definitions is in error by now; "
          + "`martlet check` says where")
    }
    let project = try Project(
      folder: folder, store: store, program.value.definitions,
      forEach: { count, body in for number in 0..<count { body(number) } }, checkpoint: {})
    return (project, version)
  }

  /// Every room has errors of its own, all of which say what was attempted and why not.
  private static func trying<Result>(
    _ body: () throws -> Result
  ) throws(EmbeddingError) -> Result {
    do { return try body() } catch let error as EmbeddingError {
      throw error
    } catch {
      throw EmbeddingError("\(error)")
    }
  }
}

/// A project could not be opened, or not be brought up to date.
public struct EmbeddingError: Error, Equatable, CustomStringConvertible {
  /// What was attempted and why it failed, in a sentence.
  public var description: String

  init(_ description: String) { self.description = description }

  static func nothingApplied(in store: String) -> EmbeddingError {
    EmbeddingError(
      "opening `\(store)`: no definitions are applied yet; `martlet apply` records them")
  }
}
