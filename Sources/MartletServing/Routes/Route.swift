/// What can be asked, each with all that is known of it before its request is read: one table for
/// finding routes, for who may, for limits, for metrics and for `/openapi.json`.
enum Route: Int, CaseIterable {
  case get
  case push
  case catalog
  case lineage
  case explain
  case alive
  case ready
  case metrics
  case openAPI
  case feastGet
  case feastPush
  case feastWrite
  case feastHealth
}

extension Route {
  /// A route's row in the table.
  struct Rule {
    /// Its name in metrics and logs.
    var name: StaticString
    var method: HTTPMethod

    /// The path; what stands in braces is any one segment.
    var path: StaticString
    var access: Access
    var body = Body.none
  }

  /// Who may ask. There is no default: a route that nobody has thought about does not compile.
  enum Access: Equatable {
    case anyone
    case role(Role)
  }

  /// What a request carries.
  enum Body: Equatable {
    case none
    case question
    case rows
  }

  var rule: Rule {
    switch self {
    case .get:
      Rule(
        name: "get", method: .post, path: "/v1/get", access: .role(.reader), body: .question)
    case .push:
      Rule(
        name: "push", method: .post, path: "/v1/push/{source}", access: .role(.writer), body: .rows)
    case .catalog:
      Rule(
        name: "catalog", method: .get, path: "/v1/catalog", access: .role(.reader))
    case .lineage:
      Rule(
        name: "lineage", method: .get, path: "/v1/lineage/{name}", access: .role(.reader))
    case .explain:
      Rule(
        name: "explain", method: .post, path: "/v1/explain", access: .role(.reader),
        body: .question)
    case .alive:
      Rule(
        name: "healthz", method: .get, path: "/healthz", access: .anyone)
    case .ready:
      Rule(
        name: "readyz", method: .get, path: "/readyz", access: .anyone)
    case .metrics:
      Rule(
        name: "metrics", method: .get, path: "/metrics", access: .role(.reader))
    case .openAPI:
      Rule(
        name: "openapi", method: .get, path: "/openapi.json", access: .anyone)
    case .feastGet:
      Rule(
        name: "feast_get", method: .post, path: "/get-online-features", access: .role(.reader),
        body: .question)
    case .feastPush:
      Rule(
        name: "feast_push", method: .post, path: "/push", access: .role(.writer), body: .rows)
    case .feastWrite:
      Rule(
        name: "feast_write", method: .post, path: "/write-to-online-store",
        access: .role(.writer), body: .rows)
    case .feastHealth:
      Rule(
        name: "feast_health", method: .get, path: "/health", access: .anyone)
    }
  }

  /// What it is for, in a sentence.
  var about: String {
    switch self {
    case .get: "The features of some entities, now."
    case .push: "Takes rows of a source in; they are durable when the answer comes."
    case .catalog: "What is served: entities, sources, feature sets, services."
    case .lineage: "Where something comes from, and who uses it."
    case .explain: "The rows, tiles and files behind one value."
    case .alive: "Whether the process lives."
    case .ready: "Whether it can answer, and why not."
    case .metrics: "Counts and times for Prometheus."
    case .openAPI: "This description."
    case .feastGet: "The features of some entities, in Feast's shape."
    case .feastPush: "Takes rows in, in Feast's shape."
    case .feastWrite: "Takes rows of a feature set in, in Feast's shape."
    case .feastHealth: "Whether the process lives, where Feast's clients look."
    }
  }

  var name: String { rule.name.withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }

  /// What is looked at first is asked for most.
  private static let rules: [Rule] = allCases.map(\.rule)

  /// The route's row, without making it again.
  var knownRule: Rule { Self.rules[rawValue] }

  /// The route at `path` and what stands for its braces, or `nil` where there is none.
  static func find(_ path: UnsafeRawBufferPointer) -> (route: Route, segment: Range<Int>)? {
    for (index, rule) in rules.enumerated() {
      if let segment = match(path, rule.path), let route = Route(rawValue: index) {
        return (route, segment)
      }
    }
    return nil
  }

  private static func match(
    _ path: UnsafeRawBufferPointer, _ pattern: StaticString
  ) -> Range<Int>? {
    pattern.withUTF8Buffer { pattern in
      guard pattern.last == UInt8(ascii: "}") else {
        return path.count == pattern.count && path.starts(with: pattern) ? 0..<0 : nil
      }
      guard let brace = pattern.firstIndex(of: UInt8(ascii: "{")), path.count > brace,
        path[..<brace].elementsEqual(pattern[..<brace]),
        !path[brace...].contains(UInt8(ascii: "/"))
      else { return nil }
      return brace..<path.count
    }
  }
}
