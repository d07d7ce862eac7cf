import Glibc
import Synchronization

/// The files that are being written, for the end that leaves no time to unwind.
final class UnfinishedFiles: Sendable {
  private let paths = Mutex<Set<String>>([])

  /// Those of this process.
  static let ofProcess = UnfinishedFiles()

  func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes the files themselves.
  func removeAll() {
    paths.withLock { paths in for path in paths { unlink(path) } }
  }
}
