public import MartletColumns

/// How far back from its question a feature looks: `[t − length, t)`, to the microsecond.
///
///     over 7d                     t − 7d ├──────────────────────┤ t
///     over 7d step 1d     ╎      ╎├─────┴╎──────╎──────╎────────┤ t
///                              a whole day
///
/// A `step` moves the start down to a whole step, counted from the beginning of 1970 and downwards
/// before it too, so that a window is never shorter than its length. What would lie before all time
/// starts at its beginning.
public enum Window: Hashable, Sendable {
  /// Everything that is visible.
  case all

  /// What is no older than a length, which must be positive, as must be the step.
  case last(TimeLength, step: TimeLength? = nil)

  /// The event times that the window holds at `question`.
  public func span(at question: AsOf) -> Range<Int64> {
    start(at: question.microseconds)..<question.microseconds
  }

  /// The first event time that the window holds at `question`.
  func start(at question: Int64) -> Int64 {
    guard case .last(let length, let step) = self else { return .min }
    precondition(length.microseconds > 0, "a window of \(length.microseconds) µs")
    let (start, isBeforeAllTime) = question.subtractingReportingOverflow(length.microseconds)
    guard !isBeforeAllTime else { return .min }
    guard let step else { return start }
    precondition(step.microseconds > 0, "a step of \(step.microseconds) µs")
    return start.roundedDown(to: step.microseconds) ?? .min
  }
}

extension Int64 {
  /// The greatest whole multiple of `step` that is not above, or `nil` when it would be below all
  /// values.
  func roundedDown(to step: Int64) -> Int64? {
    let rest = self % step
    let (multiple, overflow) = subtractingReportingOverflow(rest < 0 ? rest + step : rest)
    return overflow ? nil : multiple
  }

  /// The least whole multiple of `step` that is not below, or `nil` when it would be above all
  /// values.
  func roundedUp(to step: Int64) -> Int64? {
    let rest = self % step
    let (multiple, overflow) = addingReportingOverflow(rest > 0 ? step - rest : -rest)
    return overflow ? nil : multiple
  }
}
