/// Bytes of text on their way out, handed on by the 64 KiB.
final class TextSink {
  var bytes: [UInt8] = []
  private let sink: any ByteSink
  private static let most = 1 << 16

  init(_ sink: any ByteSink) {
    self.sink = sink
    bytes.reserveCapacity(Self.most * 2)
  }

  /// Hands on what there is, if it is worth the call.
  func settle() throws { if bytes.count >= Self.most { try flush() } }

  /// Hands on what there is; nothing comes behind it.
  func finish() throws {
    try flush()
    try sink.finish()
  }

  private func flush() throws {
    guard !bytes.isEmpty else { return }
    // Held by nobody else while it is lent, so that its memory is used again.
    var full = exchange(&bytes, with: [])
    try Self.hand(full, to: sink)
    full.removeAll(keepingCapacity: true)
    bytes = full
  }

  private static func hand(_ bytes: borrowing [UInt8], to sink: any ByteSink) throws {
    try sink.write(bytes.span)
  }
}
