import MartletSources

/// A source's file as it lies there now.
public struct FoundFile: Hashable, Sendable {
  /// How it is recorded: relative to the project's folder where the definition is.
  public let path: String

  /// Where it is.
  let location: String

  /// By what it is recognised.
  let stamp: FileStamp
}

extension FoundFile {
  /// The files that `patterns` name in the project in `folder`, sorted, each once.
  static func all(_ patterns: [String], in folder: String) throws(SourceError) -> [FoundFile] {
    var found: [String: FoundFile] = [:]
    for pattern in patterns {
      let prefix = pattern.hasPrefix("/") ? "" : "\(folder)/"
      for location in try FilePattern(pattern, below: folder).files() {
        let path = String(location.dropFirst(prefix.count))
        found[path] = FoundFile(path: path, location: location, stamp: try FileStamp(of: location))
      }
    }
    return found.values.sorted { $0.path < $1.path }
  }
}
