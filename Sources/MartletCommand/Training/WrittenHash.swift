import MartletColumns

/// The SHA-256 of a file's bytes, worked out beside whoever writes them.
///
///     written  │ piece 0 │ piece 1 │ piece 2 …
///     hashed     piece 0 ──▶ piece 1 ──▶ …       each on from the one before
///
/// Reading the file once more for it would hold up the end of a run, and a pipe cannot be read again.
final class WrittenHash {
  private let isApart: Bool
  private var piece = BufferBuilder<UInt8>(capacity: WrittenHash.bytesPerPiece)

  /// The hash up to each of the last pieces.
  private var pieces: [Aside<SHA256>] = []

  /// As many bytes as are worth a thread.
  private static let bytesPerPiece = 4 << 20

  /// Pieces that wait are in memory: of more than so many the writer waits for the first.
  private static let mostWaiting = 6

  /// The hash of no bytes.
  ///
  /// - Parameter isApart: Whether threads may be used.
  init(isApart: Bool) { self.isApart = isApart }

  /// Adds the bytes that come next.
  func add(_ bytes: Span<UInt8>) throws {
    piece.append(contentsOf: bytes)
    if piece.count >= Self.bytesPerPiece { try finishPiece() }
  }

  /// The hash of all that was added. Nothing is added behind it.
  func finish() throws -> Aside<SHA256> {
    try finishPiece()
    piece = BufferBuilder()
    return pieces[pieces.count - 1]
  }

  private func finishPiece() throws {
    let bytes = exchange(&piece, with: BufferBuilder(capacity: WrittenHash.bytesPerPiece)).finish()
    let before = pieces.last
    pieces.append(
      Aside(isApart: isApart) {
        var hash = try before?.value() ?? SHA256()
        bytes.withUnsafeBufferPointer { hash.add(UnsafeRawBufferPointer($0)) }
        return hash
      })
    if pieces.count > (isApart ? Self.mostWaiting : 1) { _ = try pieces.removeFirst().value() }
  }
}
