import MartletColumns

/// The SHA-256 of a file's bytes, found part by part, so that it can keep step with whoever reads them.
public struct ContentHasher: Sendable {
  private let path: String
  private var hash = SHA256()
  private var offset = 0

  /// A hasher of the file at `path`, which is opened for each part.
  public init(_ path: String) { self.path = path }

  /// Goes on to the `end`th byte, or to the file's end where that comes before.
  public mutating func advance(
    to end: Int = .max, checkpoint: () throws -> Void
  ) throws {
    let file = try LocalFile(path)
    let end = min(end, file.byteCount)
    guard offset < end else { return }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    while offset < end {
      try checkpoint()
      let part = UnsafeMutableRawBufferPointer(rebasing: room[..<min(room.count, end - offset)])
      try file.read(at: offset, into: part)
      hash.add(UnsafeRawBufferPointer(part))
      offset += part.count
    }
  }

  /// The hash of the bytes so far.
  public func digest() -> [UInt8] { hash.digest() }
}

extension LocalFile {
  /// The SHA-256 of its bytes.
  public func contentHash(checkpoint: () throws -> Void) throws -> [UInt8] {
    var hasher = ContentHasher(path)
    try hasher.advance(checkpoint: checkpoint)
    return hasher.digest()
  }
}
