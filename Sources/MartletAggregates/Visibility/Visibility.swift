public import MartletColumns

/// Which rows of a source may inform an answer: the one rule against reading the future.
///
/// What happens at an instant has not happened yet at that instant; what holds from an instant on
/// holds at it. A row whose source names when it became known waits for that moment too, and is
/// there at it.
///
///     events   at ─┤╶╶╶╶╶╶╶╶╶╶╶╶╶▶      strictly after its time
///     states   at  ├─────────────▶      from its time on
///     known        at ┄┄┄┄ known ├───▶  from the later of the two
///
/// An event known before it happened (a booking, a clock that runs fast) is still an event: it is
/// seen strictly after its time.
public enum Visibility: Hashable, Sendable {
  /// Rows are things that happen.
  case events

  /// Rows are things that hold until the next one of the same key.
  case states

  /// Whether a row of `time` may inform an answer to `question`.
  ///
  /// `known` is `nil` when the source does not name it. A row that lacks the moment which its
  /// source promised must not come here as `nil`: it would be seen too early.
  public func shows(_ time: EventTime, known: KnownTime? = nil, to question: AsOf) -> Bool {
    guard known?.isKnown(at: question) ?? true else { return false }
    return switch self {
    case .events: time.hasHappened(at: question)
    case .states: time.hasBegun(at: question)
    }
  }

  /// The first question that a row of `time` may inform; every later one sees it as well.
  ///
  /// `nil` for an event at the end of time, which no question comes after.
  public func firstQuestion(seeing time: EventTime, known: KnownTime? = nil) -> AsOf? {
    var first = time.microseconds
    if self == .events {
      guard first < .max else { return nil }
      first += 1
    }
    return AsOf(microseconds: max(first, known?.microseconds ?? first))
  }
}
