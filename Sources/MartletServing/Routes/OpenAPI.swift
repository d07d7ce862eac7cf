import MartletDiagnostics

/// The description of all routes, made from the same table that finds and guards them.
enum OpenAPI {
  static var document: JSON {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "Martlet",
        "version": "1",
        "description": "Features, now: what they are, and where they come from.",
      ],
      "paths": .object(
        Route.allCases.map { route in
          JSON.Member(
            "\(route.rule.path)", .object([.init(route.rule.method.lowercased, operation(route))]))
        }),
      "components": [
        "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
        "schemas": ["Problem": problem],
      ],
    ]
  }

  private static func operation(_ route: Route) -> JSON {
    let rule = route.rule
    var members: [JSON.Member] = [
      .init("operationId", .string(route.name)),
      .init("summary", .string(route.about)),
    ]
    if let name = route.segmentName {
      members.append(
        .init(
          "parameters",
          [["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]]))
    }
    if let body = route.bodySchema {
      let contents = route.bodyTypes.map { JSON.Member($0.rawValue, ["schema": body]) }
      members.append(.init("requestBody", ["required": true, "content": .object(contents)]))
    }
    if rule.access != .anyone { members.append(.init("security", [["token": []], [:]])) }
    var answers = [JSON.Member("200", answer("The answer.", route.answerType, route.answerSchema))]
    let isFeast = route == .feastGet || route == .feastPush || route == .feastWrite
    for status in route.refusals {
      answers.append(
        .init(
          "\(status.rawValue)",
          isFeast
            ? answer(status.words, "application/json", ["type": "string"])
            : answer(
              status.words, "application/problem+json", ["$ref": "#/components/schemas/Problem"])))
    }
    members.append(.init("responses", .object(answers)))
    return .object(members)
  }

  private static func answer(_ about: String, _ type: String, _ schema: JSON) -> JSON {
    ["description": .string(about), "content": .object([.init(type, ["schema": schema])])]
  }

  private static let problem: JSON = [
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": [
      "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
      "code": ["type": "string"], "detail": ["type": "string"], "field": ["type": "string"],
    ],
  ]
}

extension HTTPMethod {
  fileprivate var lowercased: String { rawValue.lowercased() }
}

// MARK: - What the table's rows carry, as schemas

extension Route {
  /// What stands in the path's braces.
  fileprivate var segmentName: String? {
    let path = "\(rule.path)"
    guard let brace = path.firstIndex(of: "{") else { return nil }
    return String(path[path.index(after: brace)...].dropLast())
  }

  fileprivate var bodyTypes: [MediaType] { self == .push ? [.jsonLines, .json] : [.json] }

  private static let columns: JSON = [
    "type": "object", "additionalProperties": ["type": "array"],
  ]

  private static let moment: JSON = [
    "type": "string", "format": "date-time", "description": "The moment of the answer; else now.",
  ]

  fileprivate var bodySchema: JSON? {
    switch self {
    case .get:
      [
        "type": "object", "required": ["service", "entities"], "additionalProperties": false,
        "properties": [
          "service": ["type": "string"], "entities": Self.columns, "given": Self.columns,
          "at": Self.moment,
        ],
      ]
    case .explain:
      [
        "type": "object", "required": ["service", "feature", "entities"],
        "additionalProperties": false,
        "properties": [
          "service": ["type": "string"], "feature": ["type": "string"],
          "entities": Self.columns, "given": Self.columns, "at": Self.moment,
        ],
      ]
    case .feastGet:
      [
        "type": "object", "required": ["entities"],
        "properties": [
          "features": ["type": "array", "minItems": 1, "items": ["type": "string"]],
          "feature_service": ["type": "string"], "entities": Self.columns,
          "full_feature_names": ["type": "boolean"],
        ],
      ]
    case .push: ["type": "array", "items": ["type": "object"]]
    case .feastPush:
      [
        "type": "object", "required": ["push_source_name", "df"],
        "properties": ["push_source_name": ["type": "string"], "df": Self.columns],
      ]
    case .feastWrite:
      [
        "type": "object", "required": ["feature_view_name", "df"],
        "properties": ["feature_view_name": ["type": "string"], "df": Self.columns],
      ]
    case .catalog, .lineage, .alive, .ready, .metrics, .openAPI, .feastHealth: nil
    }
  }

  fileprivate var answerType: String { self == .metrics ? "text/plain" : "application/json" }

  fileprivate var answerSchema: JSON {
    switch self {
    case .get:
      [
        "type": "object",
        "required": ["service", "version", "at", "rows", "features", "statuses"],
        "properties": [
          "service": ["type": "string"], "version": ["type": "string"],
          "at": ["type": "string", "format": "date-time"], "rows": ["type": "integer"],
          "features": Self.columns, "statuses": Self.columns,
        ],
      ]
    case .push, .feastPush, .feastWrite:
      [
        "type": "object", "required": ["source", "accepted", "dropped"],
        "properties": [
          "source": ["type": "string"], "accepted": ["type": "integer"],
          "dropped": ["type": "integer"],
          "kept": ["type": "object", "additionalProperties": ["type": "integer"]],
          "without_key": ["type": "object", "additionalProperties": ["type": "integer"]],
        ],
      ]
    case .feastGet:
      [
        "type": "object", "required": ["metadata", "results"],
        "properties": ["metadata": ["type": "object"], "results": ["type": "array"]],
      ]
    case .metrics: ["type": "string"]
    case .catalog, .lineage, .explain, .alive, .ready, .openAPI, .feastHealth: ["type": "object"]
    }
  }

  /// The statuses besides 200 that the route's answers may have.
  var refusals: [HTTPStatus] {
    var refusals: [HTTPStatus] = [.badRequest, .methodNotAllowed, .contentTooLarge]
    if rule.access != .anyone { refusals += [.unauthorized, .forbidden] }
    switch self {
    case .get, .explain, .feastGet, .push, .feastPush, .feastWrite:
      refusals += [
        .notFound, .conflict, .unsupportedMediaType, .unprocessableContent, .tooManyRequests,
        .internalServerError, .serviceUnavailable,
      ]
    case .catalog: refusals += [.serviceUnavailable]
    case .lineage: refusals += [.notFound, .serviceUnavailable]
    case .ready: refusals += [.serviceUnavailable]
    case .alive, .metrics, .openAPI, .feastHealth: break
    }
    return refusals.sorted { $0.rawValue < $1.rawValue }
  }
}
