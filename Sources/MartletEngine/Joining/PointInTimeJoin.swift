import MartletColumns
import MartletPlan

/// Answers the questions of one part from the rows that were visible at their moments.
///
///     rows       ──collect──▶ of asked entities ──cluster──▶ by entity, time ─┐
///     questions  ─────────────order by entity, time──────────────────────────▶┴─▶ answers, in order
///
/// Rows and questions lie in one order, so that a lookup moves a pointer and a window slides. Whoever
/// has threads joins several parts at once; `SetAnswers.placed` puts their answers together, which do
/// not depend on how many parts there are.
public struct PointInTimeJoin: Sendable {
  private let plan: SetPlan
  private let part: QuestionPart
  private let rows: ClusteredRows

  /// A join of the rows of `collector` with the questions that these were collected for.
  public init(_ collector: RowCollector) throws(JoinError) {
    plan = collector.plan
    part = collector.part
    guard let rows = ClusteredRows(collector) else {
      throw JoinError(set: plan.name, reason: .tooMuchText)
    }
    self.rows = rows
  }

  /// How far the rows trail what they tell of.
  public var lag: KnownLag { KnownLag(rows.times) }

  /// What the set answers to the part's questions.
  public func answers() throws(JoinError) -> PartAnswers {
    switch plan.answer {
    case .states(let states):
      guard let answers = StateAnswers(states, rows, part).answers() else {
        throw JoinError(set: plan.name, reason: .tooMuchText)
      }
      return answers
    case .events(let events): return WindowAnswers(events, rows, part).answers()
    }
  }
}

/// A join could not be made.
public struct JoinError: Error, Equatable {
  /// The set that was to be joined.
  public var set: String

  /// Why it could not.
  public var reason: Reason

  /// Why a join cannot be made.
  public enum Reason: Equatable, Sendable {
    /// The rows of the asked entities, or the answers, hold more text in one column than 31 bits
    /// number.
    case tooMuchText
  }

  init(set: String, reason: Reason) {
    self.set = set
    self.reason = reason
  }
}
