/// How long something lasts, to the microsecond: a window, a retention, a schedule's step.
public struct TimeLength: Hashable, Sendable {
  /// The length in microseconds.
  public var microseconds: Int64

  /// A length of `microseconds`.
  public init(microseconds: Int64) { self.microseconds = microseconds }
}

extension TimeLength: Comparable {
  public static func < (one: TimeLength, other: TimeLength) -> Bool {
    one.microseconds < other.microseconds
  }
}
