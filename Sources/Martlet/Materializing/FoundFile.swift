import MartletColumns
import MartletLanguage
import MartletParquet
import MartletSources

/// A source's file as it lies there now.
public struct FoundFile: Hashable, Sendable {
  /// How it is recorded: relative to the project's folder where the definition is.
  public let path: String

  /// Where it is.
  let location: String

  /// The table of it that is read, where it is a SQLite database.
  let table: String?

  /// By what it is recognised.
  let stamp: FileStamp

  /// How the paths of files begin that lie in the store.
  private static let pushedPrefix = "store:"

  /// Whether its rows were pushed.
  private var isPushed: Bool { path.hasPrefix(Self.pushedPrefix) }
}

extension FoundFile {
  /// All files of `source` in `project`, sorted, each once: those that its patterns name and those of
  /// rows that were pushed to it.
  static func all(of source: Source, in project: Project) throws -> [FoundFile] {
    var found: [String: FoundFile] = [:]
    if case .files(let patterns, table: let table) = source.origin {
      for pattern in patterns {
        let prefix = pattern.hasPrefix("/") ? "" : "\(project.folder)/"
        for location in try FilePattern(pattern, below: project.folder).files() {
          let path = String(location.dropFirst(prefix.count))
          found[path] = FoundFile(
            path: path, location: location, table: table, stamp: try FileStamp(of: location))
        }
      }
    }
    for location in PushFiles(of: source.name, in: project.store).paths {
      let path = pushedPrefix + location.dropFirst(project.store.count)
      found[path] = FoundFile(
        path: path, location: location, table: nil, stamp: try FileStamp(of: location))
    }
    return found.values.sorted { $0.path < $1.path }
  }

  /// How many rows it has, where it says so.
  func countOfRows() throws -> Int? {
    guard table == nil, FileFormat(path: location)?.kind == .parquet else { return nil }
    // What cannot be read is told by whoever reads its rows.
    return try? ParquetFile(LocalFile(location)).rowCount
  }

  /// Opens the file, which is to have the columns of `declared`.
  ///
  /// Pushed rows are as they were declared when they came, and nobody can write their files again: a
  /// column that was declared since is null in them.
  func open(declared: Schema, zone: ZoneRules) throws -> any RowSource {
    guard isPushed else {
      return try RowSources.open(location, table: table, declared: declared, zone: zone)
    }
    return try ParquetSource(
      try LocalFile(location), named: location, declared: declared, zone: zone, absent: .null)
  }
}
