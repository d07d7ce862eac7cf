import MartletAggregates
import MartletColumns
import MartletEngine
import MartletLanguage
import MartletPlan

/// The answers of a set of events while questions are answered one by one, in any order.
struct SweptAnswers {
  private let fields: [Field]

  /// For each feature, the value of each row.
  private var values: [[Value]]
  private var statuses: [ValueStatus]

  /// Answers to `rowCount` questions, none of which sees anything yet.
  init(_ set: SetPlan, rowCount: Int) {
    fields = set.features
    statuses = Array(repeating: .missing, count: rowCount)
    guard case .events(let plan) = set.answer else { preconditionFailure("windows of states") }
    values = plan.features.map { feature in
      let counts = plan.measures[feature.place.measure].function.countsEmpty
      return Array(repeating: counts ? .int(0) : .null, count: rowCount)
    }
  }

  /// Row `row` answers `value` for feature `feature`.
  mutating func set(_ row: Int, _ feature: Int, _ value: Value) { values[feature][row] = value }

  /// Row `row` sees some rows.
  mutating func see(_ row: Int) { statuses[row] = .present }

  func finish() -> SetAnswers {
    let columns = zip(fields, values).map { field, values in
      guard let column = Column(field.type, values) else {
        preconditionFailure("`\(field.name)` answers no \(field.type)")
      }
      return column
    }
    return SetAnswers(columns: columns, holds: statuses)
  }
}
