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

  /// The rows of `entity` that some question can see, for the others lie at the end of time.
  func visible(in entity: Range<Int>) -> Range<Int> {
    var end = entity.upperBound
    if visibility == .events {
      while end > entity.lowerBound, events[end - 1] == .max { end -= 1 }
    }
    return entity.lowerBound..<end
  }

  /// The first question that sees `row`, which must be one of the `visible(in:)`.
  func firstQuestion(seeing row: Int) -> Int64 {
    let begun = visibility == .events ? events[row] &+ 1 : events[row]
    guard let known else { return begun }
    return max(begun, known[row])
  }
}
