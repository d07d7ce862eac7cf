import MartletDiagnostics

/// Why a request is not answered, as RFC 9457 has it: for people by `detail`, for programs by `code`,
/// which never changes.
struct Problem: Error, Equatable {
  var status: HTTPStatus
  var code: String
  var detail: String

  /// Where in the request's body, as in `entities.customer_id[3]`.
  var field: String?

  /// The name of the token that was not enough, for the log.
  var caller = ""

  /// Further fields of the answer's head, each whole, with its line's end.
  var headFields = ""

  init(_ status: HTTPStatus, _ code: String, _ detail: String, at field: String? = nil) {
    self.status = status
    self.code = code
    self.detail = detail
    self.field = field
  }

  /// The problem as JSON.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("type", .string("urn:martlet:problem:\(code)")),
      .init("title", .string(status.words)),
      .init("status", .count(status.rawValue)),
      .init("code", .string(code)),
      .init("detail", .string(detail)),
    ]
    if let field { members.append(.init("field", .string(field))) }
    return .object(members)
  }

  /// The same, about who showed a token.
  func by(_ caller: Caller) -> Problem {
    var problem = self
    problem.caller = caller.name
    return problem
  }

  func with(headField: String) -> Problem {
    var problem = self
    problem.headFields += headField + "\r\n"
    return problem
  }
}

// MARK: - One factory for each, beside the others, so that no code means two things

extension Problem {
  static func refused(_ refusal: RequestRefusal) -> Problem {
    let code =
      switch refusal {
      case .bodyTooLarge: "body-too-large"
      case .requestLineTooLong: "target-too-long"
      case .headTooLarge, .tooManyFields: "head-too-large"
      case .version: "unknown-http-version"
      case .transferCoding: "unknown-transfer-coding"
      case .expectation: "unknown-expectation"
      default: "malformed-request"
      }
    return Problem(refusal.status, code, refusal.detail)
  }

  static let tooSlow = Problem(
    .requestTimeout, "request-too-slow", "the request did not arrive in time")

  static func noRoute(_ path: String) -> Problem {
    Problem(
      .notFound, "unknown-route", "there is nothing at \(path); /openapi.json lists what there is")
  }

  static func method(_ allowed: String) -> Problem {
    Problem(.methodNotAllowed, "method-not-allowed", "here only \(allowed) is understood")
      .with(headField: "Allow: \(allowed)")
  }

  static let noToken = Problem(
    .unauthorized, "token-missing", "send `Authorization: Bearer TOKEN`"
  ).with(headField: "WWW-Authenticate: Bearer realm=\"martlet\"")

  static let badToken = Problem(
    .unauthorized, "token-unknown", "the token is none that is known, or has been revoked"
  ).with(headField: "WWW-Authenticate: Bearer realm=\"martlet\", error=\"invalid_token\"")

  static func role(_ needed: Role) -> Problem {
    Problem(.forbidden, "role-missing", "the token's role does not allow it; `\(needed)` does")
  }

  static func scope(_ service: String) -> Problem {
    Problem(.forbidden, "out-of-scope", "the token is not for \(service)")
  }

  static func contentType(_ wanted: String) -> Problem {
    Problem(.unsupportedMediaType, "content-type", "send Content-Type: \(wanted)")
  }

  static let contentCoding = Problem(
    .unsupportedMediaType, "content-encoding", "bodies are not compressed here; send it as it is"
  ).with(headField: "Accept-Encoding: identity")

  static func malformed(_ error: JSONError) -> Problem {
    switch error.reason {
    case .duplicateName:
      Problem(.badRequest, "duplicate-name", error.description)
    case .tooDeep: Problem(.badRequest, "json-too-deep", error.description)
    default: Problem(.badRequest, "malformed-json", error.description)
    }
  }

  static func wrong(_ code: String, _ detail: String, at field: String?) -> Problem {
    Problem(.unprocessableContent, code, detail, at: field)
  }

  static func tooManyRows(_ count: Int, limit: Int) -> Problem {
    Problem(
      .contentTooLarge, "too-many-rows", "\(count) entities are asked for, and \(limit) may be",
      at: "entities")
  }

  static func changedService(_ name: String) -> Problem {
    Problem(
      .conflict, "changed-service",
      "`\(name)` takes or gives something else since it was prepared; prepare it anew")
  }

  static func unknownService(_ name: String, near: String?) -> Problem {
    Problem(
      .notFound, "unknown-service", "no service is called `\(name)`" + suggestion(near),
      at: "service")
  }

  static func unknownSource(_ name: String, near: String?) -> Problem {
    Problem(.notFound, "unknown-source", "no source is called `\(name)`" + suggestion(near))
  }

  static func unknownName(_ name: String) -> Problem {
    Problem(.notFound, "unknown-name", "nothing is called `\(name)`")
  }

  static let notReady = Problem(
    .serviceUnavailable, "not-ready", "nothing is served yet; /readyz says why"
  ).with(headField: "Retry-After: 1")

  static let busy = Problem(
    .serviceUnavailable, "busy", "too many requests wait for the disk; try again"
  ).with(headField: "Retry-After: 1")

  static let tooMany = Problem(
    .tooManyRequests, "too-many-requests", "this caller has too many requests waiting"
  ).with(headField: "Retry-After: 1")

  static func store(_ refusal: StoreRefusal) -> Problem {
    switch refusal.reason {
    case .unknown: Problem(.notFound, "not-found", refusal.detail)
    case .conflict: Problem(.conflict, "conflict", refusal.detail)
    case .unacceptable: Problem(.unprocessableContent, "unacceptable", refusal.detail)
    case .unavailable:
      Problem(.serviceUnavailable, "unavailable", refusal.detail)
        .with(headField: "Retry-After: 1")
    case .failed: Problem(.internalServerError, "store-failed", refusal.detail)
    }
  }

  private static func suggestion(_ near: String?) -> String {
    near.map { "; is `\($0)` meant?" } ?? ""
  }
}
