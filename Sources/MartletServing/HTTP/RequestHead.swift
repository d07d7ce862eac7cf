/// A request's first part, as places in its bytes: nothing is copied.
///
///     POST /v1/get?dry=1 HTTP/1.1
///          ╰path─╯ ╰query
///
/// Places count from the request's first byte. Of the fields only those that somebody here reads
/// are kept.
struct RequestHead: Equatable {
  var method = HTTPMethod.other
  var path = 0..<0
  var query: Range<Int>?
  var authorization: Range<Int>?
  var contentType: Range<Int>?
  var contentCoding: Range<Int>?
  var version = HTTPVersion.oneDotOne
  var connection = ConnectionWish.none
  var expectsContinue = false
  var body = BodyFraming.none

  /// Whether the caller wants the connection to go on after the answer.
  var keepsAlive: Bool {
    switch connection {
    case .none: version == .oneDotOne
    case .keepAlive: true
    case .close: false
    }
  }
}

/// How the body's end is found.
enum BodyFraming: Equatable {
  case none
  case length(Int)
  case chunked
}

/// What a caller's `Connection` field asks for.
enum ConnectionWish {
  case none
  case keepAlive
  case close
}

/// The versions that are spoken.
enum HTTPVersion {
  case oneDotZero
  case oneDotOne
}

/// The methods that some route has, and those that it is kind to know by name.
public enum HTTPMethod: String, Sendable, CaseIterable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case delete = "DELETE"
  case options = "OPTIONS"
  case patch = "PATCH"

  /// Any other; no route has it.
  case other = ""
}
