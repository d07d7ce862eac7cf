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
    var about: String
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
        name: "get", method: .post, path: "/v1/get", access: .role(.reader), body: .question,
        about: "The features of some entities, now.")
    case .push:
      Rule(
        name: "push", method: .post, path: "/v1/push/{source}", access: .role(.writer), body: .rows,
        about: "Takes rows of a source in; they are durable when the answer comes.")
    case .catalog:
      Rule(
        name: "catalog", method: .get, path: "/v1/catalog", access: .role(.reader),
        about: "What is served: entities, sources, feature sets, services.")
    case .lineage:
      Rule(
        name: "lineage", method: .get, path: "/v1/lineage/{name}", access: .role(.reader),
        about: "Where something comes from, and who uses it.")
    case .explain:
      Rule(
        name: "explain", method: .post, path: "/v1/explain", access: .role(.reader),
        body: .question, about: "The rows, tiles and files behind one value.")
    case .alive:
      Rule(
        name: "healthz", method: .get, path: "/healthz", access: .anyone,
        about: "Whether the process lives.")
    case .ready:
      Rule(
        name: "readyz", method: .get, path: "/readyz", access: .anyone,
        about: "Whether it can answer, and why not.")
    case .metrics:
      Rule(
        name: "metrics", method: .get, path: "/metrics", access: .role(.reader),
        about: "Counts and times for Prometheus.")
    case .openAPI:
      Rule(
        name: "openapi", method: .get, path: "/openapi.json", access: .anyone,
        about: "This description.")
    case .feastGet:
      Rule(
        name: "feast_get", method: .post, path: "/get-online-features", access: .role(.reader),
        body: .question, about: "The features of some entities, in Feast's shape.")
    case .feastPush:
      Rule(
        name: "feast_push", method: .post, path: "/push", access: .role(.writer), body: .rows,
        about: "Takes rows in, in Feast's shape.")
    case .feastHealth:
      Rule(
        name: "feast_health", method: .get, path: "/health", access: .anyone,
        about: "Whether the process lives, where Feast's clients look.")
    }
  }

  var name: String { rule.name.withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }

  /// What is looked at first is asked for most.
  private static let table: [(route: Route, rule: Rule)] = allCases.map { ($0, $0.rule) }

  /// The route at `path` and what stands for its braces, or `nil` where there is none.
  static func find(_ path: UnsafeRawBufferPointer) -> (route: Route, segment: Range<Int>)? {
    for (route, rule) in table {
      if let segment = match(path, rule.path) { return (route, segment) }
    }
    return nil
  }

  private static func match(
    _ path: UnsafeRawBufferPointer, _ pattern: StaticString
  ) -> Range<Int>? {
    pattern.withUTF8Buffer { pattern in
      guard pattern.last == UInt8(ascii: "}") else {
        return path.count == pattern.count && path.elementsEqual(pattern) ? 0..<0 : nil
      }
      guard let brace = pattern.firstIndex(of: UInt8(ascii: "{")), path.count > brace,
        path[..<brace].elementsEqual(pattern[..<brace]),
        !path[brace...].contains(UInt8(ascii: "/"))
      else { return nil }
      return brace..<path.count
    }
  }
}
