/// Why bytes are no request that can be answered.
///
/// Where the next request would begin is not known then, so the connection ends after the answer:
/// guessing is how one caller's bytes become another's request.
enum RequestRefusal: Error, Equatable {
  case requestLine
  case version
  case requestLineTooLong
  case headTooLarge
  case tooManyFields
  case lineEnd
  case foldedField
  case fieldName
  case fieldValue
  case host
  case contentLength
  case twoLengths
  case transferCoding
  case chunkedBefore11
  case expectation
  case chunk
  case bodyTooLarge(limit: Int)
}

extension RequestRefusal {
  /// What is wrong, and what to do.
  var detail: String {
    switch self {
    case .requestLine: "the request line is not `METHOD /path HTTP/1.1`"
    case .version: "the HTTP version is neither 1.1 nor 1.0; speak HTTP/1.1"
    case .requestLineTooLong: "the request line is too long; send what is large in the body"
    case .headTooLarge: "the fields of the head are too large together"
    case .tooManyFields: "the head has too many fields"
    case .lineEnd: "a line of the head does not end with CR LF"
    case .foldedField: "a field goes on over a second line; write it on one"
    case .fieldName: "a field's name has characters that no name has, or no colon behind it"
    case .fieldValue: "a field's value has control characters"
    case .host: "the head must have exactly one well-formed Host field"
    case .contentLength: "Content-Length must be there once, and be a whole number"
    case .twoLengths: "the head has both Content-Length and Transfer-Encoding; send one of them"
    case .transferCoding: "the only transfer coding is `chunked`, once"
    case .chunkedBefore11: "HTTP/1.0 has no chunked bodies; send Content-Length"
    case .expectation: "the only expectation that can be met is `100-continue`"
    case .chunk: "a chunk of the body is malformed"
    case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes; send it in parts"
    }
  }
}
