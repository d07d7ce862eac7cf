@testable import MartletServing

/// Any bytes are requests or are refused, and the same ones however they are cut: all at once, in two
/// pieces, and in pieces of a size that the first byte picks.
func fuzzHTTP(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  let wire = bytes.dropFirst()
  let whole = summary(of: [wire])
  let step = Int(first & 15) + 1
  precondition(whole == summary(of: wire.pieces(of: step)), "pieces of \(step) read otherwise")
  let middle = wire.startIndex + wire.count * Int(first) / 256
  precondition(whole == summary(of: [wire[..<middle], wire[middle...]]), "two read otherwise")
}

/// A request's head and body, or why there is no further one.
private enum Summary: Equatable {
  case request(RequestHead, places: [[UInt8]])
  case refused(RequestRefusal)
}

private func summary(of pieces: [ArraySlice<UInt8>]) -> [Summary] {
  var limits = RequestLimits()
  limits.requestLineBytes = 100
  limits.headBytes = 300
  limits.fieldCount = 8
  limits.chunkLineBytes = 20
  var reader = RequestReader(limits: limits)
  var found: [Summary] = []
  for piece in pieces {
    piece.withUnsafeBytes { reader.queue.append($0) }
    reading: while true {
      switch reader.next() {
      case .more: break reading
      case .head: reader.readBody(upTo: 200)
      case .complete:
        found.append(request(reader))
        reader.finish()
      case .refused(let refusal):
        found.append(.refused(refusal))
        return found
      }
    }
  }
  return found
}

private func request(_ reader: borrowing RequestReader) -> Summary {
  let head = reader.head
  let places = [
    head.path, head.query, head.authorization, head.contentType, head.contentCoding, reader.body,
  ]
  let bytes = reader.queue.span
  return .request(head, places: places.map { place in (place ?? 0..<0).map { bytes[$0] } })
}

extension ArraySlice<UInt8> {
  fileprivate func pieces(of size: Int) -> [ArraySlice<UInt8>] {
    stride(from: startIndex, to: endIndex, by: size).map {
      self[$0..<Swift.min($0 + size, endIndex)]
    }
  }
}
