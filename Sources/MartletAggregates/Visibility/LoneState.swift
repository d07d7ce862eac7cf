public import MartletColumns

/// The only row that is kept of an entity's states: where there is no other, the rules for choosing
/// among rows come down to these.
public struct LoneState: Sendable {
  /// When it began to hold.
  public var time: EventTime

  /// When it became known; `nil` when its source does not say.
  public var known: KnownTime?

  /// Whether it ends what held.
  public var isDelete: Bool

  /// A row of `time`.
  public init(_ time: EventTime, known: KnownTime?, isDelete: Bool) {
    self.time = time
    self.known = known
    self.isDelete = isDelete
  }

  /// Whether it holds at `question`: `present`, `expired` or `missing`.
  public func status(at question: AsOf, keeping keep: TimeLength?) -> ValueStatus {
    guard !isDelete, Visibility.states.shows(time, known: known, to: question) else {
      return .missing
    }
    guard let keep else { return .present }
    return time.isExpired(at: question, keeping: keep) ? .expired : .present
  }
}
