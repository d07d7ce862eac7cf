public import MartletAggregates
public import MartletColumns
public import MartletLanguage

/// How one stored feature set is kept and how it answers.
public struct SetPlan: Hashable, Sendable {
  /// The set's name.
  public let name: String

  /// What it is about.
  public let entity: String

  /// The entity's keys.
  public let keys: [Field]

  /// The source of its rows.
  public let source: String

  /// Whether its rows happen or hold.
  public let visibility: Visibility

  /// What is kept of each row.
  public let rows: RowPlan

  /// The columns of a kept row.
  public let schema: Schema

  /// How a question is answered from the rows of its entity.
  public let answer: Answer

  /// Equal where the same rows are kept in the same columns: as long as it stays, what has been
  /// materialized can go on being used.
  public let layout: Identity

  /// How a question is answered.
  public enum Answer: Hashable, Sendable {
    /// By the row that holds.
    case states(StatePlan)

    /// By the rows within windows.
    case events(WindowPlan)
  }
}

/// How features of states are read from the row that holds.
public struct StatePlan: Hashable, Sendable {
  /// For how long a value holds.
  public let keep: TimeLength?

  /// The features, each by the number of its value.
  public let features: [PlannedFeature<Int>]
}

/// How features of events are worked out from the rows within windows.
public struct WindowPlan: Hashable, Sendable {
  /// The windows, without repetition.
  public let windows: [Window]

  /// What is asked of the rows of windows, without repetition.
  public let measures: [Measure]

  /// The features, each by the numbers of its measure and of its window.
  public let features: [PlannedFeature<Place>]

  /// An aggregate and the values it is over.
  public struct Measure: Hashable, Sendable {
    /// What is asked.
    public let function: AggregateFunction

    /// The number of the value that is aggregated; `nil` for rows as such.
    public let value: Int?

    /// The number of the bool that makes a row count; `nil` for all rows.
    public let filter: Int?

    /// What the function takes besides.
    public let parameter: AggregateCall.Parameter?

    /// What it gives.
    public let type: ColumnType
  }

  /// Where a feature's value comes from.
  public struct Place: Hashable, Sendable {
    /// The number of the measure.
    public let measure: Int

    /// The number of the window.
    public let window: Int
  }
}

/// A feature by its name, and where its value is found.
public struct PlannedFeature<Place: Hashable & Sendable>: Hashable, Sendable {
  /// The feature's name, with its window.
  public let name: String

  /// What it is.
  public let type: ColumnType

  /// Where its value is found.
  public let place: Place
}

extension SetPlan {
  /// The features, in the order of their definition.
  public var features: [Field] {
    switch answer {
    case .states(let plan): plan.features.map { Field($0.name, $0.type) }
    case .events(let plan): plan.features.map { Field($0.name, $0.type) }
    }
  }

  /// How far back a question looks: the longest window, or `nil` where one is `all`. States look
  /// back without end, since how old the newest is decides between expired and missing.
  public var reach: TimeLength? {
    guard case .events(let plan) = answer, !plan.windows.contains(.all) else { return nil }
    return plan.reach
  }

  /// The same rows without what features lean on: their keys and times, and what these need.
  ///
  /// For finding out whom a set knows, which is told by few of a source's columns.
  public var withoutValues: SetPlan { SetPlan(withoutValuesOf: self) }

  private init(withoutValuesOf plan: SetPlan) {
    name = plan.name
    entity = plan.entity
    keys = plan.keys
    source = plan.source
    visibility = plan.visibility
    rows = plan.rows.withoutValues
    schema = rows.schema(keys: keys)
    answer = .states(StatePlan(keep: nil, features: []))
    var text = MeaningText("layout of rows without values")
    text.add(plan.layout)
    layout = text.identity
  }
}

extension WindowPlan {
  /// How far back the longest window looks of those that have a length.
  public var reach: TimeLength {
    var longest = TimeLength(microseconds: 0)
    for case .last(let length, let step) in windows {
      let (whole, overflow) = length.microseconds.addingReportingOverflow(step?.microseconds ?? 0)
      longest = max(longest, TimeLength(microseconds: overflow ? .max : whole))
    }
    return longest
  }
}
