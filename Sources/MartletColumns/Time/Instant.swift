/// A moment, to the microsecond, counted from the beginning of 1970, UTC.
///
/// By itself it does not say whose clock it was read from; `EventTime`, `KnownTime` and `AsOf` do,
/// and do not compare with each other.
public struct Instant: Hashable, Sendable, BitwiseCopyable {
  /// Microseconds since the beginning of 1970, UTC.
  public var microseconds: Int64

  /// The moment `microseconds` after the beginning of 1970, UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }
}

extension Instant: Comparable {
  public static func < (one: Instant, other: Instant) -> Bool {
    one.microseconds < other.microseconds
  }
}
