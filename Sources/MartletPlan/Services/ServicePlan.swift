public import MartletColumns

/// How one service answers: what is looked up, what is worked out, in an order in which each stage
/// has what it needs.
///
///     caller's keys ──▶ look up ──▶ values ──▶ look up by a value ──▶ values ──▶ compute ──▶ answer
///
/// Values are numbered through all stages, in the order in which these give them.
public struct ServicePlan: Hashable, Sendable {
  /// The service's name.
  public let name: String

  /// The keys that the caller names.
  public let keys: [Field]

  /// The values that the caller gives.
  public let given: [Field]

  /// What is done, in order.
  public let stages: [Stage]

  /// The columns of the answer.
  public let outputs: [Output]

  /// One thing that is done.
  public enum Stage: Hashable, Sendable {
    /// Features of one stored set are looked up for one entity.
    case lookup(Lookup)

    /// Features of one computed set are worked out.
    case computation(Computation)
  }

  /// Features of one stored set, for one entity.
  public struct Lookup: Hashable, Sendable {
    /// The set's name.
    public let set: String

    /// What each of the entity's keys is read from.
    public let keys: [Key]

    /// The features that are wanted, by their names. Each is the next value.
    public let features: [Field]
  }

  /// Where a key comes from.
  public enum Key: Hashable, Sendable {
    /// The caller names it.
    case caller(String)

    /// The value of this number.
    case value(Int)
  }

  /// Features of one computed set.
  public struct Computation: Hashable, Sendable {
    /// The set's name.
    public let set: String

    /// How they are worked out.
    public let calculation: Calculation

    /// The number of the value that each looked-up feature of `calculation` is.
    public let inputs: [Calculation.Input: Int]

    /// The features that are wanted, by their names. Each is the next value.
    public let features: [Field]

    /// The step that gives each of `features`.
    public let results: [Int]
  }

  /// A column of the answer.
  public struct Output: Hashable, Sendable {
    /// Its name.
    public let name: String

    /// What it is.
    public let type: ColumnType

    /// The number of the value.
    public let value: Int
  }
}
