/// The store could not do what a request asked of it.
public struct StoreRefusal: Error, Equatable, Sendable {
  /// Why, as far as the caller's next step depends on it.
  public enum Reason: Equatable, Sendable {
    /// Something that the request names is not there.
    case unknown

    /// What is asked contradicts what is there, such as a source that takes no pushed rows.
    case conflict

    /// Rows cannot mean what they say: an expectation that fails, a null id.
    case unacceptable

    /// The store cannot answer now; the same request may succeed later.
    case unavailable

    /// The store failed; trying again will not help.
    case failed
  }

  public var reason: Reason

  /// What was wrong and what to do, in a sentence.
  public var detail: String

  public init(_ reason: Reason, _ detail: String) {
    self.reason = reason
    self.detail = detail
  }
}
