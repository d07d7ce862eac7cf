/// The statuses that are answered, each with the words behind its number.
enum HTTPStatus: Int, CaseIterable {
  case ok = 200
  case badRequest = 400
  case unauthorized = 401
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405
  case requestTimeout = 408
  case conflict = 409
  case contentTooLarge = 413
  case uriTooLong = 414
  case unsupportedMediaType = 415
  case expectationFailed = 417
  case unprocessableContent = 422
  case tooManyRequests = 429
  case fieldsTooLarge = 431
  case internalServerError = 500
  case notImplemented = 501
  case serviceUnavailable = 503
  case versionNotSupported = 505

  /// The number and its words, as the status line has them.
  var line: StaticString {
    switch self {
    case .ok: "200 OK"
    case .badRequest: "400 Bad Request"
    case .unauthorized: "401 Unauthorized"
    case .forbidden: "403 Forbidden"
    case .notFound: "404 Not Found"
    case .methodNotAllowed: "405 Method Not Allowed"
    case .requestTimeout: "408 Request Timeout"
    case .conflict: "409 Conflict"
    case .contentTooLarge: "413 Content Too Large"
    case .uriTooLong: "414 URI Too Long"
    case .unsupportedMediaType: "415 Unsupported Media Type"
    case .expectationFailed: "417 Expectation Failed"
    case .unprocessableContent: "422 Unprocessable Content"
    case .tooManyRequests: "429 Too Many Requests"
    case .fieldsTooLarge: "431 Request Header Fields Too Large"
    case .internalServerError: "500 Internal Server Error"
    case .notImplemented: "501 Not Implemented"
    case .serviceUnavailable: "503 Service Unavailable"
    case .versionNotSupported: "505 HTTP Version Not Supported"
    }
  }

  /// The words alone.
  var words: String {
    let line = line.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    return String(line.dropFirst(4))
  }
}

extension RequestRefusal {
  /// The status that tells a caller of it.
  var status: HTTPStatus {
    switch self {
    case .requestLine, .lineEnd, .foldedField, .fieldName, .fieldValue, .host, .contentLength,
      .twoLengths, .chunkedBefore11, .chunk:
      .badRequest
    case .version: .versionNotSupported
    case .requestLineTooLong: .uriTooLong
    case .headTooLarge, .tooManyFields: .fieldsTooLarge
    case .transferCoding: .notImplemented
    case .expectation: .expectationFailed
    case .bodyTooLarge: .contentTooLarge
    }
  }
}
