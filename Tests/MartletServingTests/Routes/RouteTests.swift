import MartletDiagnostics
import ServedExample
import Testing

@testable import MartletServing

struct RouteTests {
  /// Who may ask what, written a second time: a route that nobody has thought about fails here.
  private struct Policy {
    var access: Route.Access

    /// Whether a token for some services alone is refused where the request is about another.
    var isScoped: Bool

    init(_ access: Route.Access, scoped: Bool = false) {
      (self.access, isScoped) = (access, scoped)
    }
  }

  private static let policies: [String: Policy] = [
    "get": Policy(.role(.reader), scoped: true), "explain": Policy(.role(.reader), scoped: true),
    "feast_get": Policy(.role(.reader), scoped: true),
    "push": Policy(.role(.writer), scoped: true),
    "feast_push": Policy(.role(.writer), scoped: true),
    "feast_write": Policy(.role(.writer), scoped: true),
    // These tell what there is and how it goes, and nobody's values.
    "catalog": Policy(.role(.reader)), "lineage": Policy(.role(.reader)),
    "metrics": Policy(.role(.reader)),
    "healthz": Policy(.anyone), "readyz": Policy(.anyone), "openapi": Policy(.anyone),
    "feast_health": Policy(.anyone),
  ]

  /// What a caller may show.
  enum Shown: Hashable, CaseIterable {
    case nothing
    case nonsense
    case unknown
    case wrongSecret
    case revoked(Role)
    case good(Role, Scope)

    enum Scope: CaseIterable { case all, thisOne, another }

    static let allCases: [Shown] =
      [.nothing, .nonsense, .unknown, .wrongSecret] + Role.allCases.map { .revoked($0) }
      + Role.allCases.flatMap { role in Scope.allCases.map { .good(role, $0) } }
  }

  @Test(arguments: Route.allCases, Shown.allCases)
  func `lets in who may, and tells the others why not`(route: Route, shown: Shown) throws {
    let guests = Guests()
    let policy = try #require(Self.policies[route.name], "no policy for \(route)")
    let answer = Asked(guests.responder).ask(
      route.rule.method, route.examplePath, body: route.exampleBody,
      type: route.exampleType, authorization: guests.authorization(shown))
    let expected: (status: Int, code: String?) =
      switch (policy.access, shown) {
      case (.anyone, _): (200, nil)
      case (.role, .nothing): (401, "token-missing")
      case (.role, .nonsense), (.role, .unknown), (.role, .wrongSecret), (.role, .revoked):
        (401, "token-unknown")
      case (.role(let needed), .good(let role, _)) where needed > role: (403, "role-missing")
      case (.role, .good(_, .another)) where policy.isScoped: (403, "out-of-scope")
      case (.role, .good): (200, nil)
      }
    #expect(answer.status == expected.status, "\(answer.body)")
    // Feast's shapes have the code among words.
    if let code = expected.code { #expect(answer.body.contains(code), "\(answer.body)") }
    if expected.status == 401 { #expect(answer.head.contains("WWW-Authenticate: Bearer")) }
  }

  @Test func `without tokens everyone is let in`() {
    let responder = Responder.sample()
    for route in Route.allCases {
      let answer = Asked(responder).ask(
        route.rule.method, route.examplePath, body: route.exampleBody, type: route.exampleType)
      #expect(answer.status == 200, "\(route): \(answer.body)")
    }
  }

  @Test func `a token for some services asks no other`() {
    let token = Token()
    let caller = Caller(name: "shop", role: .reader, services: ["wide"])
    let responder = Responder.sample(TokenList([TokenRecord(token, for: caller)]))
    func status(_ body: String, _ path: String = "/v1/get") -> Int {
      Asked(responder).ask(
        .post, path, body: body, type: "application/json", authorization: "bearer \(token.text)"
      ).status
    }
    #expect(status(#"{"service":"wide","entities":{"customer_id":["c1"]}}"#) == 200)
    #expect(status(#"{"service":"fraud_check","entities":{"customer_id":["c1"]}}"#) == 403)
    #expect(
      status(
        #"{"features":["spend:f1"],"entities":{"customer_id":["c1"]}}"#, "/get-online-features")
        == 403)
  }

  @Test(arguments: Route.allCases)
  func `another method is refused, and the right one named`(route: Route) {
    let other: HTTPMethod = route.rule.method == .get ? .post : .get
    let answer = Asked(.sample()).ask(other, route.examplePath)
    #expect(answer.status == 405)
    #expect(answer.head.contains("Allow: \(route.rule.method == .get ? "GET, HEAD" : "POST")"))
  }

  @Test(arguments: Route.allCases.filter { $0.rule.method == .get })
  func `HEAD is GET without the body`(route: Route) {
    let answer = Asked(.sample()).ask(.head, route.examplePath)
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
    #expect(answer.length > 0)
  }

  @Test(arguments: [
    "/", "/v1", "/v1/get/", "/v1/getx", "/v1/push/", "/v1/push/a/b", "/V1/GET", "*",
  ])
  func `there is nothing beside the routes`(path: String) {
    let answer = Asked(.sample()).ask(.get, path)
    #expect(answer.status == 404)
    #expect(answer.code == "unknown-route")
  }

  @Test func `the description names every route, its method and its refusals`() throws {
    let answer = Asked(.sample()).ask(.get, "/openapi.json")
    let document = try JSON(reading: answer.body)
    let paths = try #require(document["paths"])
    for route in Route.allCases {
      let operation = paths["\(route.rule.path)"]?[route.rule.method.rawValue.lowercased()]
      let responses = try #require(operation?["responses"])
      #expect(responses["200"] != nil)
      for status in route.refusals { #expect(responses["\(status.rawValue)"] != nil) }
      #expect((operation?["security"] != nil) == (route.rule.access != .anyone))
    }
  }

  @Test func `a secret that was right once is asked of the record each time`() {
    let known = KnownSecrets()
    let token = Token()
    let caller = Caller(name: "a", role: .reader)
    let record = TokenRecord(token, for: caller)
    for _ in 0..<2 {
      #expect(known.isRight(token, of: record))
      #expect(!known.isRight(Token(), of: record), "another's secret, while one is known")
    }
    var other = TokenRecord(Token(), for: caller)
    other.id = record.id
    #expect(!known.isRight(token, of: other), "the id has a new secret")
  }

  @Test func `a token is compared whole, and its text is not its record's`() throws {
    let token = Token()
    let record = TokenRecord(token, for: Caller(name: "a", role: .reader))
    let read = try #require(Token(token.text))
    #expect(record.matches(read))
    #expect(!record.matches(Token()))
    let secret = token.text.split(separator: "_")[2]
    #expect(!"\(record)".contains(secret))
    #expect(Token("martlet_1_2") == nil)
    #expect(Token(token.text + "0") == nil)
  }
}

/// A responder with a token for every state.
private struct Guests {
  let responder: Responder
  private let tokens: [RouteTests.Shown: String]

  init() {
    var tokens: [RouteTests.Shown: String] = [
      .unknown: Token().text, .nonsense: "open sesame",
    ]
    var records: [TokenRecord] = []
    for case .good(let role, let scope) in RouteTests.Shown.allCases {
      let services: Set<String>? =
        switch scope {
        case .all: nil
        case .thisOne: ["wide", "kinds"]
        case .another: ["fraud_check"]
        }
      let token = Token()
      tokens[.good(role, scope)] = token.text
      records.append(
        TokenRecord(token, for: Caller(name: "\(role)", role: role, services: services)))
    }
    for role in Role.allCases {
      let token = Token()
      tokens[.revoked(role)] = token.text
      var record = TokenRecord(token, for: Caller(name: "gone", role: role))
      record.isRevoked = true
      records.append(record)
    }
    let right = tokens[.good(.admin, .all)] ?? ""
    tokens[.wrongSecret] = String(right.dropLast()) + (right.hasSuffix("0") ? "1" : "0")
    self.tokens = tokens
    responder = .sample(TokenList(records))
  }

  func authorization(_ shown: RouteTests.Shown) -> String? { tokens[shown].map { "Bearer \($0)" } }
}

extension Route {
  fileprivate var examplePath: String {
    switch self {
    case .push: "/v1/push/transactions"
    case .lineage: "/v1/lineage/wide"
    default: "\(rule.path)"
    }
  }

  fileprivate var exampleBody: String? {
    switch self {
    case .get: #"{"service":"wide","entities":{"customer_id":["c1"]}}"#
    case .explain: #"{"service":"wide","feature":"wide__f1","entities":{"customer_id":["c1"]}}"#
    case .feastGet: #"{"feature_service":"wide","entities":{"customer_id":["c1"]}}"#
    case .push: #"{"transaction_id":"t1"}"#
    case .feastWrite: #"{"feature_view_name":"wide","df":{"transaction_id":["t1"]}}"#
    case .feastPush: #"{"push_source_name":"transactions","df":{"transaction_id":["t1"]}}"#
    default: nil
    }
  }

  fileprivate var exampleType: String? {
    self == .push ? "application/x-ndjson" : exampleBody == nil ? nil : "application/json"
  }
}
