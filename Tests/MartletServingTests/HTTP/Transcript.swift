@testable import MartletServing

/// What a reader made of some bytes, in words: a line for each request or refusal.
struct Transcript: Equatable, CustomStringConvertible {
  var lines: [String] = []

  /// Reads `pieces` as one connection's bytes.
  init(_ pieces: some Sequence<ArraySlice<UInt8>>, limits: RequestLimits, bodyLimit: Int) {
    var reader = RequestReader(limits: limits)
    for piece in pieces {
      piece.withUnsafeBytes { reader.queue.append($0) }
      drain(&reader, bodyLimit)
    }
    if lines.last?.hasPrefix("refused") != true, reader.isInTheMiddle { lines.append("unfinished") }
  }

  private mutating func drain(_ reader: inout RequestReader, _ bodyLimit: Int) {
    while true {
      switch reader.next() {
      case .more: return
      case .head: reader.readBody(upTo: bodyLimit)
      case .complete:
        lines.append(Self.words(reader))
        reader.finish()
      case .refused(let refusal):
        let line = "refused \(refusal)"
        if lines.last != line { lines.append(line) }
        return
      }
    }
  }

  private static func words(_ reader: borrowing RequestReader) -> String {
    let head = reader.head
    let bytes = reader.queue.span
    func text(_ range: Range<Int>?) -> String? {
      range.map { range in String(decoding: range.map { bytes[$0] }, as: UTF8.self) }
    }
    var parts = ["\(head.method)", text(head.path) ?? ""]
    if let query = text(head.query) { parts.append("?\(query)") }
    if let type = text(head.contentType) { parts.append("type=\(type)") }
    if let token = text(head.authorization) { parts.append("token=\(token)") }
    if let coding = text(head.contentCoding) { parts.append("coding=\(coding)") }
    if head.expectsContinue { parts.append("expects") }
    if !head.keepsAlive { parts.append("last") }
    if !reader.body.isEmpty { parts.append("body=\(text(reader.body) ?? "")") }
    return parts.joined(separator: " ")
  }

  var description: String { lines.joined(separator: "\n") }
}

extension Transcript {
  /// Reads `text` in one piece.
  init(of text: String, limits: RequestLimits = RequestLimits(), bodyLimit: Int = 1_000) {
    self.init([Array(text.utf8)[...]], limits: limits, bodyLimit: bodyLimit)
  }
}
