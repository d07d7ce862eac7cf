import MartletAggregates
import MartletOnline
import Synchronization

/// What a server counts about its work.
final class ServerMetrics: Sendable {
  private let byRoute = Route.allCases.map { _ in Histogram() }

  /// By route, then by status.
  private let outcomes = Counters(count: (Route.allCases.count + 1) * HTTPStatus.codes.count)
  private let denials = Atomic<UInt64>(0)

  /// By service; a service is added when it is first asked.
  private let services = Mutex<[String: ServiceMetrics]>([:])

  /// Counts an answer; `route` is `nil` where the request named none.
  func count(_ route: Route?, _ status: HTTPStatus, nanoseconds: UInt64) {
    if let route { byRoute[route.rawValue].count(nanoseconds: nanoseconds) }
    let row = route?.rawValue ?? Route.allCases.count
    outcomes.add(1, at: row * HTTPStatus.codes.count + status.place)
    if status == .unauthorized || status == .forbidden {
      denials.wrappingAdd(1, ordering: .relaxed)
    }
  }

  /// The counts of `service`, one of those that there are: callers cannot make names up.
  func counts(of service: String) -> ServiceMetrics {
    services.withLock { services in
      if let metrics = services[service] { return metrics }
      let metrics = ServiceMetrics()
      services[service] = metrics
      return metrics
    }
  }

  /// The counts in the order of their names.
  private var servicesInOrder: [(name: String, metrics: ServiceMetrics)] {
    services.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }
  }
}

/// What is counted of one service.
final class ServiceMetrics: Sendable {
  let latency = Histogram()
  fileprivate let rows = Counters(count: 1)

  /// By feature set, a count for each status of values.
  private let statuses = Mutex<[String: Counters]>([:])

  /// The counts by status of values of `set`.
  func statuses(of set: String) -> Counters {
    statuses.withLock { statuses in
      if let counters = statuses[set] { return counters }
      let counters = Counters(count: 4)
      statuses[set] = counters
      return counters
    }
  }

  var rowCount: UInt64 { rows[0] }

  /// By feature set, how many values had each status.
  var statusCounts: [(set: String, counts: [UInt64])] {
    statuses.withLock { statuses in
      statuses.map { set, counters in (set, (0..<4).map { counters[$0] }) }
    }.sorted { $0.0 < $1.0 }
  }
}

/// A service's counts at one server, with those of its feature sets: what it holds on to, so that no
/// request has to look for them.
final class ServiceTally: Sendable {
  fileprivate let server: ServerMetrics
  private let metrics: ServiceMetrics

  /// For each of the service's runs, the counts by status.
  private let statuses: [Counters]

  fileprivate init(_ server: ServerMetrics, _ service: ServedService) {
    self.server = server
    let metrics = server.counts(of: service.name)
    self.metrics = metrics
    statuses = service.runs.map { metrics.statuses(of: $0.set) }
  }

  func count(_ answer: FeatureAnswer, to question: FeatureQuestion, nanoseconds: UInt64) {
    metrics.latency.count(nanoseconds: nanoseconds)
    metrics.rows.add(UInt64(question.rowCount), at: 0)
    for (run, counters) in zip(question.service.runs, statuses) {
      var tally = SIMD4<UInt64>()
      for place in run.places {
        let statuses = answer.statuses[place]
        if statuses.allSatisfy({ $0 == .present }) {
          tally[Int(ValueStatus.present.rawValue)] &+= UInt64(statuses.count)
        } else {
          for status in statuses { tally[Int(status.rawValue)] &+= 1 }
        }
      }
      counters.add(tally)
    }
  }

  /// Counts an answer about one entity.
  func count(_ row: borrowing OnlineRow, of service: ServedService, nanoseconds: UInt64) {
    metrics.latency.count(nanoseconds: nanoseconds)
    metrics.rows.add(1, at: 0)
    for (run, counters) in zip(service.runs, statuses) {
      var tally = SIMD4<UInt64>()
      for place in run.places { tally[Int(row.statuses[place].rawValue)] &+= 1 }
      counters.add(tally)
    }
  }
}

extension ServerMetrics {
  /// The counts of `service`, which keeps them at hand for the server that first asked it.
  func tally(of service: ServedService) -> ServiceTally {
    if let tally = service.tally.load(), tally.server === self { return tally }
    let tally = ServiceTally(self, service)
    let kept = service.tally.storeIfNil(tally)
    return kept.server === self ? kept : tally
  }
}

extension Counters {
  /// Adds counts by status.
  fileprivate func add(_ tally: SIMD4<UInt64>) {
    for place in 0..<4 where tally[place] > 0 { add(tally[place], at: place) }
  }
}

extension HTTPStatus {
  /// All that a status can be, so that a place is found without looking.
  fileprivate static let codes = 100..<600

  fileprivate var place: Int { rawValue - Self.codes.lowerBound }
}

// MARK: - As Prometheus reads it

extension ServerMetrics {
  /// Everything, in Prometheus's text format.
  func text(
    connections: ConnectionCounters, waiting: Int, gauges: [Gauge], isReady: Bool
  ) -> String {
    var page = MetricsPage()
    page.begin("martlet_http_requests_total", "counter", "Answers, by route and status.")
    for row in 0...Route.allCases.count {
      let name = row < Route.allCases.count ? Route.allCases[row].name : "none"
      for status in HTTPStatus.allCases {
        let count = outcomes[row * HTTPStatus.codes.count + status.place]
        if count > 0 {
          page.add([("route", name), ("status", "\(status.rawValue)")], "\(count)")
        }
      }
    }
    page.begin(
      "martlet_http_request_duration_seconds", "histogram",
      "From a request's last byte to its answer.")
    for route in Route.allCases {
      page.add(byRoute[route.rawValue], [("route", route.name)])
    }
    let services = servicesInOrder
    page.begin(
      "martlet_service_duration_seconds", "histogram", "The same, by service.")
    for service in services { page.add(service.metrics.latency, [("service", service.name)]) }
    page.begin("martlet_service_entities_total", "counter", "Entities that were asked about.")
    for service in services {
      page.add([("service", service.name)], "\(service.metrics.rowCount)")
    }
    page.begin("martlet_values_total", "counter", "Values answered, by status.")
    for service in services {
      for (set, counts) in service.metrics.statusCounts {
        for status in ValueStatus.allCases {
          page.add(
            [("service", service.name), ("set", set), ("status", "\(status)")],
            "\(counts[Int(status.rawValue)])")
        }
      }
    }
    page.begin("martlet_http_denials_total", "counter", "Requests without the right token.")
    page.add([], "\(denials.load(ordering: .relaxed))")
    page.begin("martlet_http_connections", "gauge", "Open connections.")
    page.add([], "\(connections.open)")
    page.begin("martlet_http_connections_total", "counter", "Connections that were let in.")
    page.add([], "\(connections.everOpened)")
    page.begin(
      "martlet_http_connections_turned_away_total", "counter", "Connections beyond the limit.")
    page.add([], "\(connections.turnedAway)")
    page.begin("martlet_http_connections_slow_total", "counter", "Connections ended as too slow.")
    page.add([], "\(connections.endedAsSlow)")
    page.begin("martlet_worker_queue_depth", "gauge", "Requests that wait for the disk's threads.")
    page.add([], "\(waiting)")
    page.begin("martlet_ready", "gauge", "1 when requests can be answered.")
    page.add([], isReady ? "1" : "0")
    page.add(gauges)
    return page.text
  }
}
