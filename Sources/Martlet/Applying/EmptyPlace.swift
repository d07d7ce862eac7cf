public import MartletLanguage
import MartletSources

/// A place where a source is to have files, and where there are none now.
///
/// No mistake by itself: files may come later, and definitions are checked where no data is. But more
/// often the path is misspelt, and whoever applies it should not learn that from the first run.
public struct EmptyPlace: Hashable, Sendable {
  /// The source.
  public let source: String

  /// The path or pattern that was looked at.
  public let path: String

  /// What was found there instead of a file.
  public let reason: String

  /// The empty places of all sources, in the order in which they are written.
  public static func all(of definitions: Definitions, in folder: String) -> [EmptyPlace] {
    definitions.sources.flatMap { source -> [EmptyPlace] in
      guard case .files(let patterns, table: _) = source.origin else { return [] }
      return patterns.compactMap { pattern -> EmptyPlace? in
        let place = FilePattern(pattern, below: folder)
        do throws(SourceError) {
          _ = try place.files()
          return nil
        } catch {
          return EmptyPlace(source: source.name, path: place.path, reason: "\(error.reason)")
        }
      }
    }
  }
}
