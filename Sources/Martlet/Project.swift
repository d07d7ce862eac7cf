public import MartletColumns
public import MartletLanguage
public import MartletPlan
public import MartletSources

/// An open project: what its definitions mean, and where its files are.
///
/// It introduces the rooms below to each other and does little by itself.
public struct Project: Sendable {
  /// The folder that holds `featuredefs/`, which paths in definitions are relative to.
  public let folder: String

  /// The folder of what is stored.
  public let store: String

  /// What the definitions say; they have no errors.
  public let definitions: Definitions

  /// The definitions, lowered to what runs.
  public let plan: Plan

  /// The rules of the time zones that the definitions name.
  public let zones: [String: ZoneRules]

  /// Calls a function with each of 0, 1, … up to a count, in any order, on as many threads as whoever
  /// opens the project has for it, and returns when all calls have.
  public typealias ForEach =
    @Sendable (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void

  let forEach: ForEach

  /// Called every few milliseconds of long work, on any thread; what it throws ends the work.
  private(set) var checkpoint: @Sendable () throws -> Void

  /// Called with the rows that long work has read, a batch at a time, on any thread.
  private let counting: @Sendable (_ rows: Int) -> Void

  /// The project in `folder` with `definitions`, in which no error was found.
  public init(
    folder: String, store: String, _ definitions: Definitions, forEach: @escaping ForEach,
    checkpoint: @escaping @Sendable () throws -> Void,
    counting: @escaping @Sendable (_ rows: Int) -> Void = { _ in }
  ) throws(SourceError) {
    self.folder = folder
    self.store = store
    self.definitions = definitions
    self.forEach = forEach
    self.checkpoint = checkpoint
    self.counting = counting
    plan = Plan(definitions)
    var zones: [String: ZoneRules] = [:]
    for name in plan.zones where zones[name] == nil { zones[name] = try ZoneFiles.rules(of: name) }
    self.zones = zones
  }

  /// Notes that long work has read so many more rows, and ends it where somebody asked for that.
  @Sendable func hasRead(_ rows: Int) throws {
    counting(rows)
    try checkpoint()
  }

  /// The same project, whose long work calls `checkpoint` instead.
  public func checking(_ checkpoint: @escaping @Sendable () throws -> Void) -> Project {
    var copy = self
    copy.checkpoint = checkpoint
    return copy
  }
}

extension Plan {
  /// The names of the time zones that some calculation needs.
  fileprivate var zones: [String] {
    var calculations = sources.map(\.calculation) + sets.map(\.rows.calculation)
    for case .computation(let computation) in services.flatMap(\.stages) {
      calculations.append(computation.calculation)
    }
    return calculations.flatMap(\.zones)
  }
}
