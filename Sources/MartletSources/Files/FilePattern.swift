import Glibc

/// The files that a pattern names: `*`, `?` and `[…]` within a folder's or a file's name.
public struct FilePattern: Sendable {
  /// The pattern, below the folder that it is relative to.
  public let path: String

  /// `pattern`, below `folder` unless it begins at the root.
  public init(_ pattern: String, below folder: String) {
    path = pattern.hasPrefix("/") ? pattern : "\(folder)/\(pattern)"
  }

  /// The matching files, sorted; none is an error, since a source without files is more likely a
  /// misspelt one.
  public func files() throws(SourceError) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    let outcome = glob(path, 0, nil, &found)
    let attempt = "looking for `\(path)`"
    if outcome == GLOB_NOMATCH {
      // A folder that may not be looked into is no empty one.
      let isHidden = access(path, F_OK) != 0 && errno == EACCES
      throw SourceError(
        attempt: attempt, reason: isHidden ? .refused(lastRefusal()) : .nothingThere)
    }
    guard outcome == 0, let paths = found.gl_pathv else {
      throw SourceError(attempt: attempt, reason: .refused(lastRefusal()))
    }
    return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }.sorted()
  }
}
