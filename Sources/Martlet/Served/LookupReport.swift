public import MartletColumns

/// What came of building again what one service answered by one version of the definitions.
public struct LookupReport: Sendable {
  public let service: String
  public let version: Int

  /// Lookups that were compared, each with all its values.
  public var compared = 0

  /// Lookups that no run has caught up with yet: what was pushed until then is not offline.
  public var waiting = 0

  /// Lookups that cannot be built again, since a set is no longer stored as it was defined then.
  public var beyondReach = 0

  /// Lookups of which a value or a status differs, by cause.
  public var differing: [Cause: Int] = [:]

  /// The first of the values that differ.
  public var mismatches: [Mismatch] = []

  /// How many values differ.
  public var mismatchCount = 0

  /// Why an answer differs from what training has now.
  public enum Cause: String, Sendable, CaseIterable, Comparable {
    /// What was stored by then gives exactly what was answered: rows came that speak of an earlier time
    /// and that serving could not have seen. A `known` time keeps training from seeing them too.
    case late

    /// Rows were stored or pushed since, some of which serving saw and some of which it did not.
    case between

    /// Nothing was stored since that could explain it.
    case unexplained

    public static func < (one: Cause, other: Cause) -> Bool { one.rawValue < other.rawValue }
  }

  /// A value that differs.
  public struct Mismatch: Sendable {
    public var feature: String

    /// The entity's keys, by name.
    public var entity: [(name: String, value: Value)]
    public var at: Instant
    public var served: (value: Value, status: String)
    public var rebuilt: (value: Value, status: String)
    public var cause: Cause
  }

  init(_ service: String, version: Int) {
    self.service = service
    self.version = version
  }

  public var differingCount: Int { differing.values.reduce(0, +) }
}
