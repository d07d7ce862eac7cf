public import MartletAggregates
public import MartletColumns
import MartletLanguage
public import MartletPlan
import Synchronization

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
  /// The answers of `parts`, which are those of all of `questions` in their order, each in the row that
  /// its question came from. What is no question is missing, and its counts are 0.
  ///
  /// - Parameter forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as
  ///   there are.
  public static func placed(
    _ parts: consuming [SetAnswers], of plan: SetPlan, _ questions: Questions,
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) throws(JoinError) -> SetAnswers {
    let rows = questions.order
    let placement = PartPlacement(
      counts: parts.map(\.holds.count), to: rows, rowCount: questions.rowCount)
    let holds = placement.values(parts.flatMap(\.holds), else: .missing)
    let inputs = Mutex(plan.features.indices.map { index in parts.map { $0.columns[index] } })
    parts = []
    let placed = Mutex([Column?](repeating: nil, count: plan.features.count))
    let (features, zeros) = (plan.features, plan.countsEmpty)
    forEach(features.count) { index in
      // The parts of a column are let go as soon as it stands.
      let taken = inputs.withLock { inputs in
        defer { inputs[index] = [] }
        return inputs[index]
      }
      guard let column = placement.column(of: taken, of: features[index].type) else { return }
      let answered = zeros[index] ? column.countingZero(outside: rows) : column
      placed.withLock { $0[index] = answered }
    }
    let columns = placed.withLock { $0.compactMap { $0 } }
    guard columns.count == features.count else {
      throw JoinError(set: plan.name, reason: .tooMuchText)
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
