public import MartletAggregates
public import MartletColumns
import MartletLanguage
public import MartletPlan

/// What a stored set answers to each question.
public struct SetAnswers: Sendable {
  /// The features' values, in the plan's order. Where there is no value they are null, and counts 0.
  public let columns: [Column]

  /// For each question, whether there is something to tell: `present`, `expired` or `missing`.
  public let holds: [ValueStatus]

  /// Answers that were worked out elsewhere, by the same rules.
  public init(columns: [Column], holds: [ValueStatus]) {
    self.columns = columns
    self.holds = holds
  }

  /// The status of each value of feature `index`.
  public func statuses(of index: Int) -> AnswerStatuses {
    AnswerStatuses(columns[index], holds)
  }
}

extension SetAnswers {
  /// The answers in `parts`, which are those of all of `questions` in their order, each in the row that
  /// its question came from. What is no question is missing, and its counts are 0.
  ///
  /// - Parameter forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as
  ///   there are.
  public static func placed(
    _ parts: consuming [PartAnswers], of plan: SetPlan, _ questions: Questions,
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) throws(JoinError) -> SetAnswers {
    let placement = PartPlacement(
      counts: parts.map(\.holds.count), rows: questions.places, forEach: forEach)
    let holds = placement.values(parts.flatMap(\.holds), else: .missing)
    let records = parts.map(\.records)
    parts = []
    guard
      let placed = placement.columns(of: records, plan.features.map(\.type), forEach: forEach)
    else {
      throw JoinError(set: plan.name, reason: .tooMuchText)
    }
    let columns = zip(placed, plan.countsEmpty).map { column, isZero in
      isZero ? column.countingZero(outside: questions.order) : column
    }
    return SetAnswers(columns: columns, holds: holds)
  }
}

extension Column {
  /// The same counts, 0 in rows that are none of `questions`: a count that is null for a reason stays so.
  fileprivate func countingZero(outside questions: Buffer<Int32>) -> Column {
    guard let validity else { return self }
    var isQuestion = [Bool](repeating: false, count: count)
    for index in questions.span.indices { isQuestion[Int(questions[index])] = true }
    var present = BitmapBuilder(capacity: count)
    for row in 0..<count { present.append(validity[row] || !isQuestion[row]) }
    return Column(values, validity: present.finishAsValidity())
  }
}

extension SetPlan {
  /// For each feature, whether it is 0 where there is no row.
  fileprivate var countsEmpty: [Bool] {
    switch answer {
    case .states(let plan): plan.features.map { _ in false }
    case .events(let plan):
      plan.features.map { plan.measures[$0.place.measure].function.countsEmpty }
    }
  }
}
