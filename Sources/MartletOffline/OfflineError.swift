/// The offline store could not do what was asked of it.
public struct OfflineError: Error, Equatable, Sendable {
  /// What was attempted: "writing a segment of `customer_spend`".
  public var attempt: String

  /// Why it failed.
  public var reason: Reason

  /// An error of `attempt`.
  public init(attempt: String, reason: Reason) {
    self.attempt = attempt
    self.reason = reason
  }

  /// Why the store cannot do something.
  public enum Reason: Equatable, Sendable {
    /// The system refused, in its words.
    case refused(String)

    /// A segment that the registry names is not there.
    case missing

    /// A segment is not as it was written, in the reader's words.
    case damaged(String)

    /// The rows hold more text in one column than can be clustered at once.
    case tooMuchText
  }
}

extension OfflineError: CustomStringConvertible {
  public var description: String { "\(attempt): \(reason)" }
}

extension OfflineError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .refused(let words): words
    case .missing: "the segment is not there; `martlet materialize --repair` makes it again"
    case .damaged(let words):
      "the segment is damaged (\(words)); `martlet materialize --repair` makes it again"
    case .tooMuchText: "its rows hold more text in one column than 2 GiB"
    }
  }
}
