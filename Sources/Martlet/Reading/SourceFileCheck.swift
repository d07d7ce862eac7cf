import Glibc
import MartletLanguage
import MartletSources

extension Project {
  /// The source that the file at `path` is of, by whatever name; `nil` where it is no source's, or not there.
  public func source(holding path: String) -> String? {
    guard let file = FileNumber(of: path) else { return nil }
    for source in definitions.sources {
      guard case .files(let patterns, table: _) = source.origin else { continue }
      for pattern in patterns {
        // A source without files holds this one as little.
        let files = (try? FilePattern(pattern, below: folder).files()) ?? []
        if files.contains(where: { FileNumber(of: $0) == file }) { return source.name }
      }
    }
    return nil
  }
}

/// What the system knows a file by, however it is called.
public struct FileNumber: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64

  /// The file at `path`; `nil` where none is.
  public init?(of path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    device = UInt64(facts.st_dev)
    number = UInt64(facts.st_ino)
  }
}
