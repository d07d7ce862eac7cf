import MartletColumns
public import MartletLanguage
import MartletParquet
public import MartletPlan
import MartletSources

/// A feature set whose rows must be read from its source again, and roughly how much that is.
public struct Rereading: Hashable, Sendable {
  /// The set.
  public let set: String

  /// Its source.
  public let source: String

  /// Why.
  public let reason: Reason

  /// The files that are there now, and what they hold; `nil` where there are none to look at.
  public let size: SourceSize?

  /// Why rows are read again.
  public enum Reason: String, Sendable {
    /// No version had the set.
    case new
    /// Other rows are kept, or in other columns.
    case layout
  }

  /// What applying `after` makes necessary. Sets that keep the same rows in the same columns go on with
  /// what they have: other windows over them need nothing to be read.
  public static func all(
    from before: Plan?, to after: Plan, _ definitions: Definitions, in folder: String
  ) -> [Rereading] {
    var layouts: [String: Identity] = [:]
    for set in before?.sets ?? [] { layouts[set.name] = set.layout }
    var sizes: [String: SourceSize] = [:]
    return after.sets.compactMap { set in
      let old = layouts[set.name]
      if old == set.layout { return nil }
      let size =
        sizes[set.source]
        ?? definitions.source(set.source).flatMap {
          SourceSize(of: $0, in: folder)
        }
      sizes[set.source] = size
      return Rereading(
        set: set.name, source: set.source, reason: old == nil ? .new : .layout, size: size)
    }
  }
}

/// How much a source's files hold.
public struct SourceSize: Hashable, Sendable {
  /// How many files there are.
  public private(set) var fileCount = 0

  /// How many bytes they have together.
  public private(set) var byteCount = 0

  /// How many rows: counted where the files say so, estimated from their first lines where not; `nil`
  /// where nothing tells.
  public private(set) var rowCount: Int? = 0

  /// Whether some of the rows are estimated.
  public private(set) var isEstimated = false

  /// After so many files that were looked into, the others are taken to be like them.
  private static let lookLimit = 200

  /// The size of what `source` reads below `folder`; `nil` where that is no files.
  init?(of source: Source, in folder: String) {
    guard case .files(let patterns, table: nil) = source.origin else { return nil }
    var lookedInto = 0
    var bytesLookedInto = 0
    for pattern in patterns {
      // A plan is made before the files need be there: what cannot be looked at counts as not there.
      guard let paths = try? FilePattern(pattern, below: folder).files() else { continue }
      for path in paths {
        // Likewise.
        guard let file = try? LocalFile(path) else { continue }
        fileCount += 1
        byteCount += file.byteCount
        guard lookedInto < Self.lookLimit else { continue }
        lookedInto += 1
        bytesLookedInto += file.byteCount
        look(into: file, at: path)
      }
    }
    if lookedInto < fileCount, let rows = rowCount {
      isEstimated = true
      rowCount = Int(Double(rows) * Double(byteCount) / Double(max(1, bytesLookedInto)))
    }
  }

  private mutating func look(into file: LocalFile, at path: String) {
    let format = FileFormat(path: path)
    switch format?.kind {
    case .parquet:
      // A damaged file is found out by the command that reads it.
      let rows = (try? ParquetFile(file))?.rowCount
      rowCount = rows.flatMap { rows in rowCount.map { $0 + rows } }
    case .csv, .tsv, .jsonLines:
      let lines = format?.compression == FileCompression.none ? Self.lines(of: file) : nil
      let heading = format?.kind == .jsonLines ? 0 : 1
      rowCount = lines.flatMap { lines in rowCount.map { $0 + max(0, lines - heading) } }
      isEstimated = true
    case nil: rowCount = nil
    }
  }

  /// About how many lines `file` has, going by its first 64 KiB.
  private static func lines(of file: LocalFile) -> Int? {
    var start = [UInt8](repeating: 0, count: min(file.byteCount, 1 << 16))
    do { try start.withUnsafeMutableBytes { try file.read(at: 0, into: $0) } } catch { return nil }
    let ends = start.count { $0 == UInt8(ascii: "\n") }
    guard ends > 0 else { return file.byteCount == 0 ? 0 : 1 }
    return Int((Double(ends) * Double(file.byteCount) / Double(start.count)).rounded())
  }
}
