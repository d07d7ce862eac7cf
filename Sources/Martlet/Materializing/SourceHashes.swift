import MartletSources
import Synchronization

/// The hashes of the files that a run reads, which keep step with the reading: a file is hashed on one
/// thread while others read the same stretch of it, as long as its bytes are at hand.
final class SourceHashes: Sendable {
  private let hashers: Mutex<[ContentHasher]>

  /// Hashes of the files at `paths`.
  init(_ paths: [String]) { hashers = Mutex(paths.map { ContentHasher($0) }) }

  /// Goes on with file `file` up to its `end`th byte. Nobody else is at the same file.
  func advance(_ file: Int, to end: Int, checkpoint: () throws -> Void) throws {
    var hasher = hashers.withLock { $0[file] }
    try hasher.advance(to: end, checkpoint: checkpoint)
    let advanced = hasher
    hashers.withLock { $0[file] = advanced }
  }

  /// The hash of each file, as far as it was gone through.
  var all: [[UInt8]] { hashers.withLock { $0.map { $0.digest() } } }
}
