/// Reads a request's head from bytes that are still arriving.
///
///     request line ──▶ field, field, … ──empty line──▶ complete
///
/// Each call is given the request's bytes so far, goes on where the last one stopped, and keeps
/// places only, so that nothing is allocated. What it finds is a function of the bytes alone and not
/// of how they were cut on the way; the tests hold it to that.
struct HeadParser {
  private(set) var head = RequestHead()
  private var lines = LineReader()
  private var stage = Stage.requestLine
  private var fieldCount = 0
  private var hostCount = 0
  private var length: Int?
  private var isChunked = false

  private enum Stage {
    case requestLine
    case fields
    case complete
  }

  /// The number of bytes of a complete head, with its empty line.
  var byteCount: Int { lines.position }

  /// Reads on in `bytes`, which begin with the request; `true` once the head is complete.
  mutating func advance(
    _ bytes: Span<UInt8>, _ limits: RequestLimits
  ) throws(RequestRefusal) -> Bool {
    while true {
      switch stage {
      case .requestLine:
        // Empty lines alone may come to the limit; asked first, as nobody knows whether more has come.
        if lines.position >= limits.requestLineBytes { throw .requestLineTooLong }
        // Who speaks TLS to us, or nothing that we know, need not wait for a line's end.
        if bytes.count > lines.position, !mayBegin(bytes[lines.position]) { throw .requestLine }
        guard
          let line = try lines.next(
            in: bytes, before: limits.requestLineBytes, or: .requestLineTooLong)
        else { return false }
        // Old clients send an empty line behind a body; RFC 9112 asks us to be kind.
        if line.isEmpty { continue }
        try readRequestLine(bytes, line)
        stage = .fields
      case .fields:
        guard let line = try lines.next(in: bytes, before: limits.headBytes, or: .headTooLarge)
        else { return false }
        if line.isEmpty {
          try complete()
          stage = .complete
          return true
        }
        fieldCount += 1
        if fieldCount > limits.fieldCount { throw .tooManyFields }
        try readField(bytes, line)
      case .complete:
        return true
      }
    }
  }

  private func mayBegin(_ byte: UInt8) -> Bool {
    byte == 0x0D || FieldSyntax.isToken(byte)
  }

  /// Settles what only the whole head can tell.
  private mutating func complete() throws(RequestRefusal) {
    if hostCount > 1 || hostCount == 0 && head.version == .oneDotOne { throw .host }
    if isChunked {
      if length != nil { throw .twoLengths }
      if head.version == .oneDotZero { throw .chunkedBefore11 }
      head.body = .chunked
    } else if let length, length > 0 {
      head.body = .length(length)
    }
  }
}

// MARK: - The request line

extension HeadParser {
  private mutating func readRequestLine(
    _ bytes: Span<UInt8>, _ line: Range<Int>
  ) throws(RequestRefusal) {
    var index = line.lowerBound
    while index < line.upperBound, FieldSyntax.isToken(bytes[index]) { index += 1 }
    guard index > line.lowerBound, index < line.upperBound, bytes[index] == 0x20 else {
      throw .requestLine
    }
    head.method = method(bytes, line.lowerBound..<index)

    let target = index + 1
    index = target
    while index < line.upperBound, FieldSyntax.isTarget(bytes[index]) { index += 1 }
    guard index > target, index < line.upperBound, bytes[index] == 0x20 else {
      throw .requestLine
    }
    try readTarget(bytes, target..<index)
    head.version = try version(bytes, index + 1..<line.upperBound)
  }

  private func method(_ bytes: Span<UInt8>, _ range: Range<Int>) -> HTTPMethod {
    // Methods know case, unlike names; none of ours is longer than seven letters.
    var word: UInt64 = 0
    guard range.count <= 7 else { return .other }
    for index in range { word = word &<< 8 | UInt64(bytes[index]) }
    return switch word {
    case 0x47_4554: .get
    case 0x4845_4144: .head
    case 0x504F_5354: .post
    case 0x50_5554: .put
    case 0x4445_4C45_5445: .delete
    case 0x4F_5054_494F_4E53: .options
    case 0x50_4154_4348: .patch
    default: .other
    }
  }

  /// Takes a path and a query, or those of an absolute URL, whose host is nobody's business here.
  private mutating func readTarget(
    _ bytes: Span<UInt8>, _ target: Range<Int>
  ) throws(RequestRefusal) {
    var start = target.lowerBound
    let scheme: StaticString = "http://"
    if bytes[start] != UInt8(ascii: "/"), target.count > 7,
      FieldSyntax.equals(bytes, start..<start + 7, scheme)
    {
      start += 7
      while start < target.upperBound, bytes[start] != UInt8(ascii: "/") { start += 1 }
    }
    // `OPTIONS *` is the one target that is no path.
    let isStar = target.count == 1 && bytes[start] == UInt8(ascii: "*")
    guard start < target.upperBound, bytes[start] == UInt8(ascii: "/") || isStar else {
      throw .requestLine
    }
    var end = start
    while end < target.upperBound, bytes[end] != UInt8(ascii: "?") { end += 1 }
    head.path = start..<end
    head.query = end < target.upperBound ? end + 1..<target.upperBound : nil
  }

  private func version(
    _ bytes: Span<UInt8>, _ range: Range<Int>
  ) throws(RequestRefusal) -> HTTPVersion {
    let start = range.lowerBound
    guard range.count == 8, bytes[start] == UInt8(ascii: "H"),
      bytes[start + 1] == UInt8(ascii: "T"),
      bytes[start + 2] == UInt8(ascii: "T"), bytes[start + 3] == UInt8(ascii: "P"),
      bytes[start + 4] == UInt8(ascii: "/"), isDigit(bytes[start + 5]),
      bytes[start + 6] == UInt8(ascii: "."), isDigit(bytes[start + 7])
    else { throw .requestLine }
    guard bytes[start + 5] == UInt8(ascii: "1") else { throw .version }
    return bytes[start + 7] == UInt8(ascii: "0") ? .oneDotZero : .oneDotOne
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}

// MARK: - Fields

extension HeadParser {
  private mutating func readField(
    _ bytes: Span<UInt8>, _ line: Range<Int>
  ) throws(RequestRefusal) {
    var index = line.lowerBound
    if bytes[index] == 0x20 || bytes[index] == 0x09 { throw .foldedField }
    while index < line.upperBound, FieldSyntax.isToken(bytes[index]) { index += 1 }
    // A blank before the colon is what smuggles a field past some proxies.
    guard index > line.lowerBound, index < line.upperBound, bytes[index] == UInt8(ascii: ":")
    else { throw .fieldName }
    let name = line.lowerBound..<index
    let value = FieldSyntax.trimmed(bytes, index + 1..<line.upperBound)
    var position = value.lowerBound
    while position < value.upperBound {
      if !FieldSyntax.isValue(bytes[position]) { throw .fieldValue }
      position += 1
    }
    try note(bytes, name, value)
  }

  /// Keeps what the field says, if anybody here reads it.
  private mutating func note(
    _ bytes: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>
  ) throws(RequestRefusal) {
    switch name.count {
    case 4 where FieldSyntax.equals(bytes, name, "host"):
      hostCount += 1
      for index in value where !isHost(bytes[index]) { throw .host }
    case 6 where FieldSyntax.equals(bytes, name, "expect"):
      guard FieldSyntax.equals(bytes, value, "100-continue") else { throw .expectation }
      // HTTP/1.0 has no interim answers, so its callers do not wait for one.
      head.expectsContinue = head.version == .oneDotOne
    case 10 where FieldSyntax.equals(bytes, name, "connection"):
      noteConnection(bytes, value)
    case 12 where FieldSyntax.equals(bytes, name, "content-type"):
      head.contentType = value
    case 13 where FieldSyntax.equals(bytes, name, "authorization"):
      // Two of them are as good as none: whoever checks it must not read another one than a proxy.
      head.authorization = head.authorization == nil ? value : 0..<0
    case 14 where FieldSyntax.equals(bytes, name, "content-length"):
      guard length == nil, let number = wholeNumber(bytes, value) else { throw .contentLength }
      length = number
    case 16 where FieldSyntax.equals(bytes, name, "content-encoding"):
      head.contentCoding = value
    case 17 where FieldSyntax.equals(bytes, name, "transfer-encoding"):
      guard !isChunked, FieldSyntax.equals(bytes, value, "chunked") else { throw .transferCoding }
      isChunked = true
    default: break
    }
  }

  private mutating func noteConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    var wish = head.connection
    FieldSyntax.forEachPart(bytes, value) { part in
      if FieldSyntax.equals(bytes, part, "close") {
        wish = .close
      } else if FieldSyntax.equals(bytes, part, "keep-alive"), wish == .none {
        wish = .keepAlive
      }
    }
    head.connection = wish
  }

  private func isHost(_ byte: UInt8) -> Bool {
    FieldSyntax.isTarget(byte) && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "/")
      && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "@") && byte != UInt8(ascii: "\\")
  }

  /// The digits at `range` as a number. One too large to hold stays the largest, which every limit
  /// refuses.
  private func wholeNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    var number = 0
    for index in range {
      guard isDigit(bytes[index]) else { return nil }
      let (tenfold, wide) = number.multipliedReportingOverflow(by: 10)
      let (sum, wider) = tenfold.addingReportingOverflow(Int(bytes[index] - 0x30))
      number = wide || wider ? .max : sum
    }
    return number
  }
}
