// Most wrong features are two clocks compared by accident, so ours do not compare.

/// When something happened, by its source's clock.
public struct EventTime: Hashable, Sendable {
  /// Microseconds since the beginning of 1970, UTC.
  public var microseconds: Int64

  /// The moment `microseconds` after the beginning of 1970, UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }
}

/// When Martlet could first have known of it.
public struct KnownTime: Hashable, Sendable {
  /// Microseconds since the beginning of 1970, UTC.
  public var microseconds: Int64

  /// The moment `microseconds` after the beginning of 1970, UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }
}

/// The instant a question is asked.
public struct AsOf: Hashable, Sendable {
  /// Microseconds since the beginning of 1970, UTC.
  public var microseconds: Int64

  /// The moment `microseconds` after the beginning of 1970, UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }
}

extension EventTime {
  /// Whether an event may inform an answer to `question`.
  ///
  /// Strictly before: an event at the instant itself has not happened yet.
  public func hasHappened(at question: AsOf) -> Bool { microseconds < question.microseconds }

  /// Whether a state that begins here holds at `question`: from its time on.
  public func hasBegun(at question: AsOf) -> Bool { microseconds <= question.microseconds }
}

extension KnownTime {
  /// Whether what became known here may inform an answer to `question`: from that moment on.
  public func isKnown(at question: AsOf) -> Bool { microseconds <= question.microseconds }
}
