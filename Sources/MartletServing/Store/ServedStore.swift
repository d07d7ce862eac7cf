public import MartletAggregates
public import MartletColumns
public import MartletDiagnostics
public import MartletOnline

/// What a server answers from: the port behind which the registry and the online store stand.
///
/// Everything is called on several threads at once.
public protocol ServedStore: Sendable {
  /// What is served now, or `nil` while nothing can be.
  ///
  /// A request asks once and is answered from that edition alone, so that whatever is applied or
  /// loaded meanwhile, no answer is mixed.
  var edition: (any ServedEdition)? { get }

  /// Why the server is not ready, one sentence each; empty when it is.
  var hindrances: [String] { get }

  /// Takes rows in. They are durable, and seen by every later answer, when this returns.
  func push(_ rows: Batch, to source: String) throws(StoreRefusal) -> PushReceipt

  /// What only the store can measure: staleness by feature set, the online size.
  var gauges: [Gauge] { get }
}

/// One version of the definitions, over one state of the data, ready to answer.
public protocol ServedEdition: Sendable {
  /// The version's name in the registry.
  var version: String { get }

  /// The service called `name`.
  func service(named name: String) -> ServedService?

  /// The names of all services, for suggestions.
  var serviceNames: [String] { get }

  /// A service of single features, each a feature set's name and a feature's, made for one caller;
  /// or the first of them that is not there.
  func service(
    of features: [FeatureName]
  ) throws(StoreRefusal) -> ServedService

  /// Calls `body` with the answer about one entity, without waiting for anything; says `false` where that is
  /// to be asked the other way.
  ///
  /// - Parameters:
  ///   - keys: The entity's keys, in the service's order. None is null.
  ///   - given: What the caller gives, in the service's order.
  func withRow(
    of service: ServedService, keys: UnsafeBufferPointer<OnlineRow.Lent>,
    given: UnsafeBufferPointer<OnlineRow.Lent>, at moment: Instant,
    _ body: (borrowing OnlineRow) -> Void
  ) throws(StoreRefusal) -> Bool

  /// Answers without waiting for anything, or says `nil` where a disk may have to be asked.
  func answerAtOnce(_ question: FeatureQuestion) throws(StoreRefusal) -> FeatureAnswer?

  /// Answers, and may wait.
  func answer(_ question: FeatureQuestion) throws(StoreRefusal) -> FeatureAnswer

  /// The names of the sources whose rows the service called `name` answers from.
  func sourceNames(feeding name: String) -> Set<String>

  /// The columns that may be pushed to a source, or `nil` where none is called `name`.
  func columns(ofSource name: String) -> Schema?

  /// What Feast's clients write to when they name a feature set or a source; `nil` where neither is
  /// called `name`.
  func source(behind name: String) -> PushedSource?

  /// The names of all sources, for suggestions.
  var sourceNames: [String] { get }

  /// What is served: entities, sources, feature sets, services.
  var catalog: JSON { get }

  /// Where `name` comes from and who uses it, or `nil` where nothing is called so.
  func lineage(of name: String) throws(StoreRefusal) -> JSON?

  /// The rows, tiles and files behind one value.
  func explanation(of feature: String, for question: FeatureQuestion) throws(StoreRefusal) -> JSON
}

/// A source, and which of its columns are what Feast's clients call by names of their own.
public struct PushedSource: Sendable, Equatable {
  public var name: String

  /// By Feast's name, `event_timestamp` or `created`, the source's column.
  public var columns: [String: String]

  public init(name: String, columns: [String: String] = [:]) {
    self.name = name
    self.columns = columns
  }
}

/// A feature by its set's name and its own.
public struct FeatureName: Hashable, Sendable {
  public var set: String
  public var feature: String

  public init(set: String, feature: String) {
    self.set = set
    self.feature = feature
  }
}

/// Entities, and what the caller knows about them.
public struct FeatureQuestion: Sendable {
  /// Who is asked.
  public let service: ServedService

  /// The columns of the service's keys, in its order. None is null.
  public let keys: [Column]

  /// The columns of what is given, in the service's order.
  public let given: [Column]

  /// Entities that are asked about.
  public let rowCount: Int

  /// The moment of the answer.
  public let at: Instant

  public init(
    _ service: ServedService, keys: [Column], given: [Column], rowCount: Int, at: Instant
  ) {
    self.service = service
    self.keys = keys
    self.given = given
    self.rowCount = rowCount
    self.at = at
  }
}

/// A value and a status for each output and entity.
public struct FeatureAnswer: Sendable {
  /// A column for each of the service's outputs, in its order.
  public let columns: [Column]

  /// For each output, the status of each value.
  public let statuses: [[ValueStatus]]

  /// For each output, when its values came to be, where the store can tell.
  public let times: [Column]?

  public init(columns: [Column], statuses: [[ValueStatus]], times: [Column]? = nil) {
    self.columns = columns
    self.statuses = statuses
    self.times = times
  }
}

/// What became of pushed rows.
public struct PushReceipt: Sendable, Equatable {
  /// Rows that are stored now.
  public var accepted: Int

  /// Rows that an expectation dropped.
  public var dropped: Int

  /// By feature set, the rows that it keeps: a set leaves out what its `where` does.
  public var kept: [String: Int]

  /// By feature set, the rows whose key has a null: nobody can ask about them. Sets that have none are
  /// left out.
  public var withoutKey: [String: Int]

  public init(
    accepted: Int, dropped: Int = 0, kept: [String: Int] = [:], withoutKey: [String: Int] = [:]
  ) {
    self.accepted = accepted
    self.dropped = dropped
    self.kept = kept
    self.withoutKey = withoutKey
  }
}

/// A number that goes up and down, with labels.
public struct Gauge: Sendable, Equatable {
  /// The metric, `martlet_online_bytes`.
  public var name: String

  /// What it means, in a sentence.
  public var about: String

  public var labels: [(name: String, value: String)]
  public var value: Double

  public init(
    _ name: String, _ about: String, labels: [(name: String, value: String)] = [], value: Double
  ) {
    self.name = name
    self.about = about
    self.labels = labels
    self.value = value
  }

  public static func == (one: Gauge, other: Gauge) -> Bool {
    one.name == other.name && one.about == other.about && one.value == other.value
      && one.labels.elementsEqual(other.labels) { $0 == $1 }
  }
}
