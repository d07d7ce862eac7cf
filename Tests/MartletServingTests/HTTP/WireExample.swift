/// Bytes of a connection, and what a reader must make of them.
struct WireExample {
  var name: String
  var wire: String
  var lines: [String]

  init(_ name: String, _ wire: String, _ lines: String...) {
    self.name = name
    self.wire = wire
    self.lines = lines
  }

  static func named(_ name: String) -> WireExample? { all.first { $0.name == name } }

  static let all = requests + bodies + heads + smuggling + limits

  private static let requests: [WireExample] = [
    .init("the least", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "get /"),
    .init("a query", "GET /a?b=c&d HTTP/1.1\r\nHost: a\r\n\r\n", "get /a ?b=c&d"),
    .init("an empty query", "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n", "get /a ?"),
    .init("an absolute URL", "GET http://h:80/a?b HTTP/1.1\r\nHost: h\r\n\r\n", "get /a ?b"),
    .init("options of all", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "options *"),
    .init("an unknown method", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "other /pot"),
    .init("a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "other /"),
    .init("an empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "get /"),
    .init("an old version", "GET / HTTP/1.0\r\n\r\n", "get / last"),
    .init(
      "an old version that stays", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "get /"),
    .init(
      "a last one", "GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, close\r\n\r\n", "get / last"),
    .init(
      "fields in any case",
      "POST / HTTP/1.1\r\nHOST:a\r\ncONTENT-tYPE:\ta/b; c=d \r\nauthorization: Bearer x\r\n\r\n",
      "post / type=a/b; c=d token=Bearer x"),
    .init(
      "two authorizations, which are none",
      "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
      "get / token="),
    .init("an empty value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", "get /"),
    .init("a value beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{e9}\r\n\r\n", "get /"),
    .init(
      "two behind one another",
      "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n", "get /a", "get /b"),
    .init("nothing yet", "", []),
    .init("a part", "GET / HT", "unfinished"),
  ]

  private static let bodies: [WireExample] = [
    .init(
      "a body", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
      "post /a body=hello"
    ),
    .init(
      "a body, then another request",
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
      "post /a body=hi", "get /b"),
    .init("a body of none", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "post /"),
    .init(
      "zeros before", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0002\r\n\r\nhi",
      "post / body=hi"
    ),
    .init(
      "chunks",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
      "post / body=hello!"),
    .init(
      "chunks, trailers, then another request",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "0A\r\n0123456789\r\n2\r\nab\r\n0\r\nA: b\r\nC: d\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
      "post / body=0123456789ab", "get /b"),
    .init(
      "chunks of none",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n000\r\n\r\n", "post /"),
    .init(
      "an expectation",
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
      "post / expects body=x"),
    .init(
      "a coding",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
      "post / coding=gzip body=x"),
    .init(
      "a body that ends early", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell",
      "unfinished"),
  ]

  private static let heads: [WireExample] = [
    .init("TLS", "\u{16}\u{3}\u{1}\u{2}", "refused requestLine"),
    .init("a blank first", " GET / HTTP/1.1\r\n\r\n", "refused requestLine"),
    .init("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("a tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("no version", "GET /\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("a blank behind", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init(
      "a target beyond ASCII", "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("a target that is no path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("an authority", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("version 2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "refused version"),
    .init("a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", "refused requestLine"),
    .init("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "refused version"),
    .init("no host", "GET / HTTP/1.1\r\n\r\n", "refused host"),
    .init("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "refused host"),
    .init("a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "refused host"),
    .init("no colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", "refused fieldName"),
    .init("no name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", "refused fieldName"),
    .init(
      "a value with NUL", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n", "refused fieldValue"),
    .init(
      "an expectation of magic", "GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n",
      "refused expectation"),
  ]

  private static let smuggling: [WireExample] = [
    .init("a bare LF in the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", "refused lineEnd"),
    .init(
      "empty lines as far as a request line may go, and something behind",
      "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\n",
      "refused requestLineTooLong"),
    .init("a bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", "refused lineEnd"),
    .init("a bare LF for the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\nX", "refused lineEnd"),
    .init(
      "a bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", "refused fieldValue"),
    .init(
      "a bare CR in the request line", "GET / HTTP/1.1\rX\r\nHost: a\r\n\r\n", "refused requestLine"
    ),
    .init(
      "a folded field", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", "refused foldedField"),
    .init(
      "a blank before the colon", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n",
      "refused fieldName"),
    .init(
      "two lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "refused contentLength"),
    .init(
      "two equal lengths",
      "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
      "refused contentLength"),
    .init(
      "a list of lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n",
      "refused contentLength"),
    .init(
      "a signed length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
      "refused contentLength"),
    .init(
      "a negative length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
      "refused contentLength"),
    .init(
      "a hexadecimal length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n",
      "refused contentLength"),
    .init(
      "an empty length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
      "refused contentLength"),
    .init(
      "a length that no integer holds",
      "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "refused bodyTooLarge(limit: 1000)"),
    .init(
      "a length and chunks",
      "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "refused twoLengths"),
    .init(
      "chunks and a length",
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
      "refused twoLengths"),
    .init(
      "chunked twice",
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
      "refused transferCoding"),
    .init(
      "chunked twice in a list",
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
      "refused transferCoding"),
    .init(
      "another coding", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "refused transferCoding"),
    .init(
      "something like chunked", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
      "refused transferCoding"),
    .init(
      "chunked in quotes", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n",
      "refused transferCoding"),
    .init(
      "chunks of 1.0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
      "refused chunkedBefore11"),
    .init("a chunk's size that is none", chunked("x\r\n"), "refused chunk"),
    .init("a chunk's size of nothing", chunked("\r\n"), "refused chunk"),
    .init("a chunk's size with 0x", chunked("0x5\r\nhello\r\n"), "refused chunk"),
    .init("a signed chunk's size", chunked("+5\r\nhello\r\n"), "refused chunk"),
    .init("a blank before a chunk's size", chunked(" 5\r\nhello\r\n"), "refused chunk"),
    .init("a blank behind a chunk's size", chunked("5 \r\nhello\r\n"), "refused chunk"),
    .init("a bare LF behind a chunk's size", chunked("5\nhello\r\n"), "refused lineEnd"),
    .init("a chunk longer than it says", chunked("4\r\nhello\r\n"), "refused chunk"),
    .init("a bare LF behind a chunk", chunked("5\r\nhello\n0\r\n\r\n"), "refused chunk"),
    .init("a chunk that ends in CR and something", chunked("5\r\nhello\rX"), "refused chunk"),
    .init("a bare CR in an extension", chunked("5;a\rb\r\nhello\r\n"), "refused chunk"),
    .init("a trailer that is none", chunked("0\r\nX y\r\n\r\n"), "refused fieldName"),
    .init("a trailer with a bare LF", chunked("0\r\nX: y\n\r\n"), "refused lineEnd"),
  ]

  private static let limits: [WireExample] = [
    .init(
      "a long request line", "GET /\(many("a", 100)) HTTP/1.1\r\nHost: a\r\n\r\n",
      "refused requestLineTooLong"),
    .init("a request line without end", "GET /\(many("a", 200))", "refused requestLineTooLong"),
    .init(
      "a large head", "GET / HTTP/1.1\r\nHost: a\r\nX: \(many("a", 400))\r\n\r\n",
      "refused headTooLarge"),
    .init(
      "a head without end", "GET / HTTP/1.1\r\n\(many("X: y\r\n", 9))Y: \(many("z", 400))",
      "refused headTooLarge"),
    .init(
      "too many fields", "GET / HTTP/1.1\r\nHost: a\r\n\(many("X: y\r\n", 10))\r\n",
      "refused tooManyFields"),
    .init(
      "as many fields as may be", "GET / HTTP/1.1\r\nHost: a\r\n\(many("X: y\r\n", 9))\r\n", "get /"
    ),
    .init("a long extension", chunked("5;\(many("x", 20))\r\nhello\r\n"), "refused chunk"),
    .init("trailers without end", chunked("0\r\n\(many("X: y\r\n", 100))"), "refused headTooLarge"),
  ]

  private static func chunked(_ body: String) -> String {
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body
  }

  private static func many(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }
}

extension WireExample {
  private init(_ name: String, _ wire: String, _ lines: [String]) {
    (self.name, self.wire, self.lines) = (name, wire, lines)
  }
}
