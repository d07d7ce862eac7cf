public import MartletAggregates
public import MartletColumns

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
  public func statuses(of index: Int) -> [ValueStatus] {
    let column = columns[index]
    return holds.indices.map { row in
      holds[row] == .present && column.isNull(at: row) ? .null : holds[row]
    }
  }
}
