public import MartletColumns
public import MartletEngine
public import MartletPlan

/// Answers straight from the sources, with the definitions as they are written: nothing is applied and
/// nothing stored. It is what the loop of trying a feature runs on.
public struct Draft: Sendable {
  private let answering: Answering

  /// Drafts of `project`.
  ///
  /// - Parameter memory: Sources whose rows take more bytes than these are read several times, some
  ///   entities' rows at a time.
  public init(_ project: Project, memory: Int = .max) {
    answering = Answering(project: project, origin: SourceScan(project), memory: memory)
  }

  /// What `service` answers at `times`.
  ///
  /// - Parameters:
  ///   - clock: By which of its times a row is seen.
  ///   - caller: The column of a key or of a given value, a row for each of `times`.
  public func answers(
    of service: ServicePlan, at times: Column, by clock: AsOfClock = .known,
    caller: (Field) throws -> Column
  ) throws -> (answers: ServiceAnswers, report: DraftReport) {
    try answering.by(clock).answers(of: service, at: times, caller: caller)
  }

  /// What `set` answers for each of the first `limit` entities that its source has, as of `moment`.
  public func preview(
    of set: SetPlan, at moment: Instant, limit: Int
  ) throws -> (entities: [Column], answers: SetAnswers, report: DraftReport) {
    try answering.preview(of: set, at: moment, limit: limit)
  }

  /// The entities that `service` can be asked about and that have a row by `moment`, a column for each
  /// of its keys, in the order of keys.
  public func entities(of service: ServicePlan, at moment: Instant) throws -> [Column] {
    try answering.entities(of: service, at: moment)
  }
}
