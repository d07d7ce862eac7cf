/// A text that was to be a time or a length of time, and is not.
public struct TimeTextError: Error, Equatable {
  /// Why it is not.
  public enum Reason: Equatable, Sendable {
    /// Something else was to stand here: "a two-digit month".
    case expected(String)
    /// The calendar or the clock has no such thing: "February has no day 30".
    case noSuch(String)
    /// It is finer than a microsecond.
    case finerThanMicroseconds
    /// It does not fit into 64 bits of microseconds.
    case outOfRange
  }

  /// Why the text is no time.
  public var reason: Reason

  /// Where in the text, in bytes.
  public var offset: Int
}

extension TimeTextError: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .expected(let what): "expected \(what) at byte \(offset)"
    case .noSuch(let what): what
    case .finerThanMicroseconds: "finer than a microsecond"
    case .outOfRange: "too far for microseconds in 64 bits"
    }
  }
}
