public import MartletColumns

extension EventTime {
  /// Whether a state that began here is older than `keep` at `question`.
  ///
  /// Exactly that old is not older. The age counts from when the state began, not from when it
  /// became known.
  public func isExpired(at question: AsOf, keeping keep: TimeLength) -> Bool {
    let (oldestKept, isBeforeAllTime) =
      question.microseconds.subtractingReportingOverflow(keep.microseconds)
    return !isBeforeAllTime && microseconds < oldestKept
  }
}
