public import MartletColumns

/// Something that a hook is to tell, until it is told or given up.
///
/// Written in the transaction that records what happened and delivered afterwards, it is told at least once;
/// its key lets a receiver see what comes twice.
public struct DeliveryRecord: Hashable, Sendable {
  /// The same for the same happening, whoever notices it and however often.
  public var key: String

  /// The hook, and what it tells of.
  public var hook: String
  public var event: String

  /// What is sent, as JSON.
  public var body: String

  /// When it happened.
  public var at: Instant

  /// How often it was tried in vain, when it is tried next, and what went wrong last.
  public var attempts = 0
  public var notBefore: Instant
  public var words = ""

  /// When it was told or given up.
  public var endedAt: Instant?

  /// What has become of it.
  public var state = State.waiting

  /// What can become of it. The raw values are written to disk and never change.
  public enum State: String, CaseIterable, Hashable, Sendable {
    case waiting, delivered
    case givenUp = "given-up"
  }

  /// What `hook` is to tell of `event`, which happened at `moment`.
  public init(key: String, hook: String, event: String, body: String, at moment: Instant) {
    self.key = key
    self.hook = hook
    self.event = event
    self.body = body
    at = moment
    notBefore = moment
  }
}
