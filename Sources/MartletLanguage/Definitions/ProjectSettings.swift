public import MartletColumns
public import MartletDiagnostics

/// What `project { … }` sets, or what goes before it.
public struct ProjectSettings: Hashable, Sendable {
  /// The store's folder, relative to the project's.
  public var store: String?

  /// The zone of times that are written without one, where their source does not name it.
  public var zone: String?

  /// How much memory a job may take.
  public var memoryInBytes: Int64?

  /// For how long sources keep rows that do not say it themselves.
  public var retain: TimeLength?

  /// Nothing is set.
  public init() {}
}

extension ProjectSettings {
  /// These, and for what they leave open `weaker`.
  public func before(_ weaker: ProjectSettings) -> ProjectSettings {
    var result = self
    result.store = store ?? weaker.store
    result.zone = zone ?? weaker.zone
    result.memoryInBytes = memoryInBytes ?? weaker.memoryInBytes
    result.retain = retain ?? weaker.retain
    return result
  }
}

/// A project's settings as one file says them, for whoever needs them before anything is compiled.
public struct WrittenSettings: Sendable {
  public private(set) var settings = ProjectSettings()

  /// Where each is said.
  public private(set) var store: TextRange?
  public private(set) var zone: TextRange?
  public private(set) var memory: TextRange?
  public private(set) var retain: TextRange?

  /// What the first `project` in `tree` says; `nil` where there is none. What is wrong with it is the
  /// checker's matter.
  public init?(in tree: SyntaxTree) {
    guard let project = tree.declarations.first(where: { $0.kind == .project }) else { return nil }
    for statement in project.body?.statements ?? [] {
      switch statement.kind {
      case .store(let text): (settings.store, store) = (text.text, statement.range)
      case .zone(let text): (settings.zone, zone) = (text.text, statement.range)
      case .memory(let size): (settings.memoryInBytes, memory) = (size.amount, statement.range)
      case .retain(let length):
        (settings.retain, retain) = (
          length.amount.map { TimeLength(microseconds: $0) }, statement.range
        )
      default: break
      }
    }
  }
}
