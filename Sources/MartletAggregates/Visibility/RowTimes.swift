public import MartletColumns

/// When each row of a batch happened, and when it became known.
///
/// Rows lie entity by entity, each entity's in the order of their event times.
public struct RowTimes: Sendable {
  /// Whether the rows are events or states.
  public let visibility: Visibility

  /// Each row's event time.
  public let events: Buffer<Int64>

  /// When each row became known; `nil` when the source does not say.
  public let known: Buffer<Int64>?

  /// The times of rows, one each.
  public init(_ visibility: Visibility, events: Buffer<Int64>, known: Buffer<Int64>? = nil) {
    precondition(known.map { $0.count == events.count } ?? true, "a known time for every row")
    self.visibility = visibility
    self.events = events
    self.known = known
  }

  /// The number of rows.
  public var count: Int { events.count }

  /// The first question that sees `row`, a state.
  func firstQuestion(seeing row: Int) -> Int64 {
    guard let known else { return events[row] }
    return max(events[row], known[row])
  }

  /// The last question that does not see `row`, an event.
  ///
  /// Not the first that does: no question sees an event at the end of time.
  func lastQuestion(missing row: Int) -> Int64 {
    let event = events[row]
    guard let known, known[row] > event else { return event }
    return known[row] - 1
  }
}
