import MartletColumns
public import MartletPlan

/// Answers every question about one stored set from the rows that were visible at its moment.
///
///     rows       ──collect──▶ of asked entities ──cluster──▶ by entity, time ─┐
///     questions  ─────────────order by entity, time──────────────────────────▶┴─▶ a part at a time
///
/// Rows and questions lie in one order, so that a lookup moves a pointer and a window slides. Whoever
/// has threads gives each some of `parts`; the answer does not depend on how many.
public struct PointInTimeJoin: Sendable {
  private let rows: ClusteredRows
  private let questions: Questions
  private let answers: Answers

  private enum Answers: Sendable {
    case states(StateAnswers)
    case events(WindowAnswers)
  }

  /// A join of the rows of `collector`, of `plan`, with the questions that these were collected for.
  public init(_ plan: SetPlan, _ collector: RowCollector) throws(JoinError) {
    guard let rows = ClusteredRows(collector, plan) else {
      throw JoinError(set: plan.name, reason: .tooMuchText)
    }
    self.rows = rows
    questions = collector.questions
    switch plan.answer {
    case .states(let states): answers = .states(StateAnswers(states, rows, questions))
    case .events(let events): answers = .events(WindowAnswers(events, rows, questions))
    }
  }

  /// The work, cut into about `count` parts.
  public func parts(_ count: Int) -> [EntityPart] {
    EntityPart.parts(of: rows, questions, count: count)
  }

  /// Answers the questions of one part. Different parts may be answered at once.
  public func answer(_ part: EntityPart) {
    switch answers {
    case .states(let states): states.answer(part)
    case .events(let events): events.answer(part)
    }
  }

  /// The answers, once every part is answered.
  public func finish() -> SetAnswers {
    switch answers {
    case .states(let states): states.finish()
    case .events(let events): events.finish()
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
    /// The rows of the asked entities hold more text in one column than 31 bits number.
    case tooMuchText
  }
}
