public import MartletColumns
public import MartletLanguage
public import MartletOnline
public import MartletPlan
import MartletDiagnostics
import MartletEngine
import Synchronization

/// Serves from the online store: the port's one implementation outside of tests.
///
/// What is applied meanwhile is served from the next `serve` call on; a request keeps the edition that
/// it began with.
public final class OnlineServedStore: ServedStore {
  private let current = Mutex<OnlineEdition?>(nil)

  /// How many editions there were, for whoever holds on to one: what is only read stays with every
  /// processor, as no lock does.
  private let editions = Atomic<Int>(0)
  private let condition = Mutex(ServedCondition())

  /// Nothing is served yet.
  public init() {}

  /// Serves `version` of the definitions from now on.
  ///
  /// - Parameter records: What explains values, and tells where things come from; without it that is
  ///   refused.
  public func serve(
    _ version: String, _ definitions: Definitions, _ plan: Plan, over store: OnlineStore,
    zones: [String: ZoneRules] = [:], records: ProjectRecords? = nil
  ) throws(OnlineError) {
    let features = try OnlineFeatures(plan, of: store, zones: zones)
    let edition = OnlineEdition(version, definitions, features, zones, records)
    current.withLock {
      $0 = edition
      editions.wrappingAdd(1, ordering: .releasing)
    }
  }

  /// The number of the edition; while it is the same, the edition is.
  var editionNumber: Int { editions.load(ordering: .acquiring) }

  /// The edition and its number.
  var numbered: (edition: OnlineEdition?, number: Int) {
    current.withLock { ($0, editions.load(ordering: .acquiring)) }
  }

  public var edition: (any ServedEdition)? { current.withLock { $0 } }

  /// Notes how what is served stands.
  public func note(_ seen: ServedCondition) { condition.withLock { $0 = seen } }

  public var hindrances: [String] { condition.withLock(\.hindrances) }

  public var gauges: [Gauge] {
    guard let edition = current.withLock({ $0 }) else { return [] }
    return [
      Gauge(
        "martlet_online_commit", "The last commit of the online store.",
        value: Double(edition.features.store.lastCommit))
    ] + condition.withLock { $0.gauges(at: Instant(microseconds: Clock.microseconds)) }
  }

  public func push(_ rows: Batch, to source: String) throws(StoreRefusal) -> PushReceipt {
    guard let edition = current.withLock({ $0 }) else {
      throw StoreRefusal(.unavailable, "nothing is served yet")
    }
    return try edition.push(rows, to: source)
  }
}

extension OnlineEdition {
  func push(_ rows: Batch, to name: String) throws(StoreRefusal) -> PushReceipt {
    guard let source = features.plan.source(name) else {
      throw StoreRefusal(.unknown, "no source is called `\(name)`")
    }
    if source.expectations.contains(where: { $0.reaction == .fail }) {
      // Nothing of a request is taken where one of its rows must not be.
      let (_, verdict) = RowJudge(source, zones: zones).judge(rows)
      for (expectation, failures) in zip(source.expectations, verdict.failures)
      where expectation.reaction == .fail && failures > 0 {
        throw StoreRefusal(
          .unacceptable, "\(failures) of \(rows.rowCount) rows fail `\(expectation.written)`")
      }
    }
    do throws(OnlineError) {
      let receipt = try features.push(rows, to: source)
      return PushReceipt(
        accepted: rows.rowCount - receipt.verdict.dropped, dropped: receipt.verdict.dropped,
        kept: receipt.counts.mapValues(\.kept),
        withoutKey: receipt.counts.mapValues(\.withoutKey).filter { $0.value > 0 })
    } catch {
      throw StoreRefusal(error)
    }
  }
}

extension StoreRefusal {
  /// What of the online store's troubles a caller can do something about.
  init(_ error: OnlineError) {
    let reason: Reason =
      switch error.reason {
      case .full, .nothingLoaded: .unavailable
      case .tooMuchText, .forgotten: .unacceptable
      case .heldByAnotherProcess, .damaged, .unreachable, .newerLayout, .olderLayout,
        .lostCommits, .nothingBefore, .refused:
        .failed
      }
    self.init(reason, error.description)
  }
}
