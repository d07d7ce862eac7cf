import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

extension SetPlan {
  /// The first event time that a question from `horizon` on can see; `nil` where it can see all.
  func firstNeeded(from horizon: Int64) -> Int64? {
    guard visibility == .events, let reach, horizon > .min else { return nil }
    let (first, isBeforeAllTime) = horizon.subtractingReportingOverflow(reach.microseconds)
    return isBeforeAllTime ? nil : first
  }
}

extension EntityRows {
  /// Drops rows that no question from `horizon` on can see: events that every window has passed, states
  /// that never hold.
  mutating func trim(_ set: SetPlan, from horizon: Int64) {
    switch set.visibility {
    case .events:
      guard let first = set.firstNeeded(from: horizon),
        case .time(let times) = columns[0].values
      else { return }
      keep((0..<rowCount).filter { times[$0] >= first })
    case .states:
      guard set.idColumns.isEmpty, entityCount < rowCount else { return }
      var kept: [Int] = []
      kept.reserveCapacity(entityCount)
      for entity in 0..<entityCount {
        let rows = rows(of: entity)
        guard rows.count > 1 else {
          kept.append(rows.lowerBound)
          continue
        }
        let holding = set.holding(columns.map { $0.slice(rows) }, from: horizon)
        kept += (0..<holding.count).map { rows.lowerBound + Int(holding[$0]) }.sorted()
      }
      keep(kept)
    }
  }
}
