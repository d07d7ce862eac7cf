/// Bytes that are no state of the aggregate they were read for.
public struct StateError: Error, Equatable {
  /// What is wrong with them.
  public enum Reason: Equatable, Sendable {
    case endsEarly
    case hasMore
    case unknownVersion(UInt8)
    case outOfRange
    case outOfOrder
    case notCanonical
  }

  /// Which part of the state is wrong, as in "bucket count".
  public var part: String
  public var reason: Reason

  /// What is wrong with which part.
  public init(_ part: String, _ reason: Reason) {
    self.part = part
    self.reason = reason
  }
}
