import Glibc
import Synchronization

/// The files that are being written, for the end that leaves no time to unwind.
public final class UnfinishedFiles: Sendable {
  private let paths = Mutex<Set<String>>([])

  /// None yet.
  public init() {}

  /// Those of this process.
  public static let ofProcess = UnfinishedFiles()

  /// Notes the file at `path`.
  public func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  /// Strikes the file at `path` out: it is finished, or gone.
  public func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes the files themselves.
  public func removeAll() {
    paths.withLock { paths in for path in paths { unlink(path) } }
  }
}
