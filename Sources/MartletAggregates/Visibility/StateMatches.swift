/// What each question found among the states, in the order of the questions.
public struct StateMatches: Sendable {
  /// The newest visible row of each question, or `noRow`.
  ///
  /// A delete and an expired state are found as well; the status says whether to read them.
  public private(set) var rows: [Int] = []

  /// Whether the row holds: `present`, `expired` or `missing`. A null is the value's own matter.
  public private(set) var statuses: [ValueStatus] = []

  /// Stands where no row is visible.
  public static let noRow = -1

  /// No questions yet.
  public init() {}

  /// Makes room for `count` questions.
  public mutating func reserve(_ count: Int) {
    rows.reserveCapacity(count)
    statuses.reserveCapacity(count)
  }

  mutating func append(_ row: Int?, status: ValueStatus) {
    rows.append(row ?? StateMatches.noRow)
    statuses.append(status)
  }
}
