import Glibc
import Synchronization

/// The files that are being written, for the end that leaves no time to unwind.
public final class UnfinishedFiles: Sendable {
  private let paths = Mutex<Set<String>>([])
  private let folders = Mutex<Set<String>>([])

  /// None yet.
  public init() {}

  /// Those of this process.
  public static let ofProcess = UnfinishedFiles()

  /// Notes the file at `path`.
  public func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  /// Strikes the file at `path` out: it is finished, or gone.
  public func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Notes the folder at `path`, with everything that comes into it.
  public func add(folder path: String) { folders.withLock { _ = $0.insert(path) } }

  /// Strikes the folder at `path` out.
  public func forget(folder path: String) { folders.withLock { _ = $0.remove(path) } }

  /// Removes the files themselves, and the folders.
  public func removeAll() {
    paths.withLock { paths in for path in paths { unlink(path) } }
    folders.withLock { folders in for folder in folders { Self.remove(folder: folder) } }
  }

  /// Removes the folder at `path` and what lies in it.
  public static func remove(folder path: String) {
    for name in names(in: path) {
      if unlink("\(path)/\(name)") != 0 { remove(folder: "\(path)/\(name)") }
    }
    rmdir(path)
  }

  /// What lies in the folder at `path`, by name.
  public static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
