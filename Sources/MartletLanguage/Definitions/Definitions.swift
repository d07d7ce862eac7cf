public import MartletColumns
public import MartletDiagnostics

/// Everything that a project's files say, checked: what the rest of Martlet works from.
public struct Definitions: Sendable {
  public var project = ProjectSettings()
  public var entities: [Entity] = []
  public var sources: [Source] = []
  public var featureSets: [FeatureSet] = []
  public var services: [Service] = []
  public var hooks: [Hook] = []

  /// Nothing is defined.
  public init() {}
}

extension Definitions {
  /// The entity called `name`. O(n) in entities.
  public func entity(_ name: String) -> Entity? { entities.first { $0.name == name } }

  /// The source called `name`. O(n) in sources.
  public func source(_ name: String) -> Source? { sources.first { $0.name == name } }

  /// The feature set called `name`. O(n) in sets.
  public func featureSet(_ name: String) -> FeatureSet? { featureSets.first { $0.name == name } }

  /// The service called `name`. O(n) in services.
  public func service(_ name: String) -> Service? { services.first { $0.name == name } }
}

/// What is said about a definition for people; no part of its meaning.
public struct Description: Hashable, Sendable {
  public var owner: String?
  public var about: String?
  public var tags: [String] = []

  /// Where the definition stands.
  public var text: TextRange
}

/// What features are about.
public struct Entity: Sendable {
  public var name: String
  public var keys: [Field]
  public var description: Description
  public var identity: Identity
}

/// Where rows come from.
public struct Source: Sendable {
  public var name: String
  public var kind: Kind
  public var origin: Origin

  /// The column with the row's time.
  public var at: String

  /// When the row became known, where the source says so.
  public var known: Known?

  /// The columns that together name a row; rows that agree in them count once.
  public var id: [String]

  /// The rows of states that end what held.
  public var deletedWhen: Expression?

  /// For how long rows are kept; `nil` is for ever.
  public var retain: TimeLength?

  /// The zone of times that are written without one; `nil` is UTC.
  public var zone: String?

  public var columns: [Field]

  /// The columns that are to be predicted.
  public var labels: Set<String>
  public var expectations: [Expectation]
  public var description: Description
  public var identity: Identity

  /// What its rows are.
  public enum Kind: String, Sendable {
    /// Things that happen.
    case events
    /// Things that hold until the next row of the same key.
    case states
  }

  public enum Origin: Hashable, Sendable {
    case files([String], table: String?)
    case pushes
  }

  public enum Known: Hashable, Sendable {
    case column(String)
    case after(TimeLength)
  }

  /// A condition that rows are expected to meet.
  public struct Expectation: Sendable {
    public var condition: Expression
    public var reaction: Statement.Reaction

    /// The condition as it was written, for reports.
    public var written: String
  }
}

/// Features that are computed together.
public struct FeatureSet: Sendable {
  public var name: String
  public var kind: Kind

  /// What they are about; `nil` where a computed set takes its keys from what it reads.
  public var entity: String?

  /// The values that a computed set takes from the caller.
  public var given: [Field]

  /// The `let`s, each after those it uses.
  public var locals: [Local]
  public var features: [Feature]

  /// For how long a value of states holds.
  public var keep: TimeLength?
  public var schedule: Schedule?

  /// Whether it is brought up to date whenever its source has new data.
  public var isWatched = false

  /// How old a value may be.
  public var fresh: TimeLength?
  public var description: Description
  public var identity: Identity

  /// Where the values come from.
  public enum Kind: Sendable {
    /// From the rows of a source.
    case stored(Stored)
    /// From other features and the caller's values, when asked.
    case computed
  }

  public struct Stored: Sendable {
    public var source: String
    public var sourceKind: Source.Kind

    /// The source's columns that hold the entity's keys, in their order.
    public var keyColumns: [String]
    public var filter: Expression?
  }

  public struct Local: Sendable {
    public var name: String
    public var value: Expression
  }
}

/// When a feature set is brought up to date.
public enum Schedule: Hashable, Sendable {
  case every(TimeLength)
  case cron(String, zone: String?)
}

/// One value of an entity.
public struct Feature: Sendable {
  /// Its full name, with the window: `spend_24h`.
  public var name: String

  /// The name as it was defined: `spend`.
  public var base: String
  public var type: ColumnType
  public var canBeNull: Bool
  public var computation: Computation
  public var text: TextRange
  public var identity: Identity

  public enum Computation: Sendable {
    /// Of states: from the row that holds. Of computed sets: from what it reads.
    case value(Expression)
    /// Of events: over the rows of a window.
    case aggregate(AggregateCall, Window)
  }

  /// `[t - length, t)`, its start rounded down to a whole `step`.
  public struct Window: Hashable, Sendable {
    /// `nil` is `all`.
    public var length: TimeLength?
    public var step: TimeLength?
  }
}

/// An aggregate over a value.
public struct AggregateCall: Hashable, Sendable {
  public var function: AggregateFunction

  /// What is aggregated; `nil` for rows as such.
  public var value: Expression?

  /// Which rows count.
  public var filter: Expression?
  public var parameter: Parameter?

  public enum Parameter: Hashable, Sendable {
    case count(Int)
    case fraction(Double)
    case halfLife(TimeLength)
  }
}

/// What a model reads.
public struct Service: Sendable {
  public var name: String

  /// The features in the order of the answer.
  public var items: [Item]

  /// What the caller names: the keys of entities.
  public var keys: [Field]

  /// What else the caller gives.
  public var given: [Field]
  public var fresh: TimeLength?
  public var description: Description
  public var identity: Identity

  public struct Item: Sendable {
    /// The column of the answer: `set__feature`, or its name after `as`.
    public var output: String
    public var set: String
    public var feature: String
    public var type: ColumnType

    /// What each key of the set's entity is read from; empty for computed sets.
    public var keys: [Key]
  }

  public enum Key: Hashable, Sendable {
    /// A key that the caller names.
    case caller(String)
    /// A feature that is looked up first.
    case feature(set: String, name: String)
  }
}

/// What a definition means, as 32 bytes: equal exactly when values are.
public struct Identity: Hashable, Sendable {
  public var bytes: [UInt8]

  /// The identity that was kept as `bytes`.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The 64 hexadecimal digits.
  public var hexadecimal: String { bytes.hexadecimal }
}
