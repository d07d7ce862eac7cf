import Testing

@testable import MartletServing

struct RequestReaderTests {
  @Test(arguments: WireExample.all.map(\.name))
  func `reads what RFC 9112 allows, and refuses what it does not`(name: String) throws {
    let example = try #require(WireExample.named(name))
    #expect(Transcript(of: example.wire, limits: .small).lines == example.lines)
  }

  @Test(arguments: WireExample.all.map(\.name))
  func `finds the same requests however the bytes are cut`(name: String) throws {
    let example = try #require(WireExample.named(name))
    let bytes = Array(example.wire.utf8)
    func transcript(_ pieces: [ArraySlice<UInt8>]) -> [String] {
      Transcript(pieces, limits: .small, bodyLimit: 1_000).lines
    }
    #expect(transcript(bytes.indices.map { bytes[$0...$0] }) == example.lines, "a byte at a time")
    for cut in bytes.indices {
      #expect(transcript([bytes[..<cut], bytes[cut...]]) == example.lines, "cut at \(cut)")
    }
    for step in [2, 3, 7] {
      let pieces = stride(from: 0, to: bytes.count, by: step).map {
        bytes[$0..<min($0 + step, bytes.count)]
      }
      #expect(transcript(pieces) == example.lines, "\(step) bytes at a time")
    }
  }

  @Test func `every cut of all examples pipelined behind one another reads the same`() {
    let good = WireExample.all.filter { $0.lines.allSatisfy { !$0.hasPrefix("refused") } }
      .filter { !$0.lines.contains("unfinished") }
    let bytes = Array(good.map(\.wire).joined().utf8)
    let lines = good.flatMap(\.lines)
    #expect(lines.count > 10)
    for step in [1, 2, 3, 5, 8, 13, 64, 1_000, bytes.count] {
      let pieces = stride(from: 0, to: bytes.count, by: step).map {
        bytes[$0..<min($0 + step, bytes.count)]
      }
      #expect(Transcript(pieces, limits: .small, bodyLimit: 1_000).lines == lines)
    }
  }

  @Test func `a body as large as the limit is read, and one byte more is refused`() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
    let body = String(repeating: "b", count: 1_001)
    #expect(
      Transcript(of: head + "1000\r\n\r\n" + body.dropLast()).lines.first
        == "post / body=\(body.dropLast())")
    #expect(
      Transcript(of: head + "1001\r\n\r\n" + body).lines == ["refused bodyTooLarge(limit: 1000)"])
  }

  @Test func `chunks are counted together against the limit`() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    let half = "1f4\r\n" + String(repeating: "c", count: 500) + "\r\n"
    #expect(Transcript(of: head + half + half + "0\r\n\r\n").lines.count == 1)
    #expect(
      Transcript(of: head + half + half + "1\r\n").lines == ["refused bodyTooLarge(limit: 1000)"])
  }

  @Test func `a chunk's size near what an integer holds is refused, not added`() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
    #expect(
      Transcript(of: head + "fffffffffffffff\r\n").lines == ["refused bodyTooLarge(limit: 1000)"])
    #expect(Transcript(of: head + "7fffffffffffffff\r\n").lines == ["refused chunk"])
    #expect(Transcript(of: head + "ffffffffffffffff\r\n").lines == ["refused chunk"])
  }

  @Test func `a refused connection reads nothing more`() {
    let wire = "GET / HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\nGET /secret HTTP/1.1\r\nHost: a\r\n\r\n"
    #expect(Transcript(of: wire).lines == ["refused fieldName"])
  }
}

extension RequestLimits {
  /// Small enough to be met by an example that can be read.
  static var small: RequestLimits {
    var limits = RequestLimits()
    limits.requestLineBytes = 100
    limits.headBytes = 400
    limits.fieldCount = 10
    limits.chunkLineBytes = 20
    return limits
  }
}
