import MartletAggregates
import Synchronization

/// What a server counts about its work.
final class ServerMetrics: Sendable {
  private let byRoute = Route.allCases.map { _ in Histogram() }

  /// By route, then by status.
  private let outcomes = Counters(count: (Route.allCases.count + 1) * HTTPStatus.allCases.count)
  private let denials = Atomic<UInt64>(0)

  /// By service; a service is added when it is first asked.
  private let services = Mutex<[String: ServiceMetrics]>([:])

  /// Counts an answer; `route` is `nil` where the request named none.
  func count(_ route: Route?, _ status: HTTPStatus, nanoseconds: UInt64) {
    if let route { byRoute[route.rawValue].count(nanoseconds: nanoseconds) }
    let row = route?.rawValue ?? Route.allCases.count
    outcomes.add(1, at: row * HTTPStatus.allCases.count + status.place)
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
  private let rows = Atomic<UInt64>(0)

  /// By feature set, a count for each status of values.
  private let statuses = Mutex<[String: Counters]>([:])

  func count(_ answer: FeatureAnswer, to question: FeatureQuestion, nanoseconds: UInt64) {
    latency.count(nanoseconds: nanoseconds)
    rows.wrappingAdd(UInt64(question.rowCount), ordering: .relaxed)
    // Outputs of one set stand together mostly, so that few counters are looked up.
    var set = question.service.outputs.first?.set ?? ""
    var tally = SIMD4<UInt64>()
    for (output, statuses) in zip(question.service.outputs, answer.statuses) {
      if output.set != set {
        add(tally, to: set)
        set = output.set
        tally = SIMD4()
      }
      for status in statuses { tally[Int(status.rawValue)] &+= 1 }
    }
    add(tally, to: set)
  }

  private func add(_ tally: SIMD4<UInt64>, to set: String) {
    let counters = statuses.withLock { statuses in
      if let counters = statuses[set] { return counters }
      let counters = Counters(count: 4)
      statuses[set] = counters
      return counters
    }
    for place in 0..<4 where tally[place] > 0 { counters.add(tally[place], at: place) }
  }

  var rowCount: UInt64 { rows.load(ordering: .relaxed) }

  /// By feature set, how many values had each status.
  var statusCounts: [(set: String, counts: [UInt64])] {
    statuses.withLock { statuses in
      statuses.map { set, counters in (set, (0..<4).map { counters[$0] }) }
    }.sorted { $0.0 < $1.0 }
  }
}

extension HTTPStatus {
  fileprivate var place: Int { Self.places[rawValue] ?? 0 }

  private static let places = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1.rawValue, $0) })
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
      for (place, status) in HTTPStatus.allCases.enumerated() {
        let count = outcomes[row * HTTPStatus.allCases.count + place]
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
