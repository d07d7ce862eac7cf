import MartletAggregates
import MartletColumns

/// What a set answers to the questions of one part, in their order, on its way into the spine's rows.
public struct PartAnswers: Sendable {
  /// The features' values.
  let records: RowRecords

  /// For each question, whether there is something to tell.
  let holds: [ValueStatus]

  init(_ records: RowRecords, holds: [ValueStatus]) {
    self.records = records
    self.holds = holds
  }
}
