public import MartletAggregates
public import MartletColumns
public import MartletEngine
public import MartletOnline
public import MartletPlan

/// Where one value of one service comes from: what both stores answer, and the rows behind it.
public struct Explanation: Sendable {
  /// The service's output.
  public var output: Field

  /// The service's answer from the online store, and from what is stored offline; `nil` where that one
  /// cannot be asked.
  public var online: Answer?
  public var offline: Answer?

  /// Why the online store was not asked.
  public var withoutOnline: String?

  /// The version of the offline data.
  public var data: Int

  /// The features of stored sets that the output leans on: itself, or what it is worked out from.
  public var parts: [Part] = []

  /// A value and its status.
  public struct Answer: Hashable, Sendable {
    public var value: Value
    public var status: ValueStatus
  }

  /// One feature of a stored set, about one entity.
  public struct Part: Sendable {
    /// The set's plan, and the feature's number in it.
    public var set: SetPlan
    public var feature: Int

    /// The entity, and as of when it is asked about.
    public var keys: [Value]
    public var at: Instant

    public var online: Answer?
    public var offline: Answer?

    /// How the online store keeps and reads the entity.
    public var trace: OnlineTrace?

    /// The entity's rows, by time.
    public var rows: [Row] = []
  }

  /// A row of an entity, as the set keeps it.
  public struct Row: Sendable {
    public var time: Instant
    public var known: Instant?

    /// What the feature is worked out from; `nil` where it takes rows as such.
    public var value: Value?

    /// What becomes of it in the answer.
    public var use: RowUse

    /// Where it came from.
    public var origin: Origin
  }

  /// Where a row came from.
  public enum Origin: Hashable, Sendable {
    /// A file of the source, or one that pushed rows were written to, and the segment that holds it now.
    case file(String, segment: String)

    /// A commit of the online store that is in no segment yet.
    case push(commit: UInt64)
  }
}

extension Explanation.Part {
  /// The feature.
  public var field: Field { self.set.features[feature] }

  /// Whether both stores answer the same, to the last bit; `nil` where one was not asked.
  public var isSame: Bool? {
    guard let online, let offline else { return nil }
    return online.status == offline.status
      && Column(field.type, [online.value]) == Column(field.type, [offline.value])
  }
}
