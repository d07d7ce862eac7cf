public import MartletColumns
import MartletLanguage
import MartletParquet
public import MartletPlan
public import MartletRegistry
import MartletSources

/// The files that a backfill reads: those with rows of its times, as far as that can be told.
///
/// Of a file that was read the segments tell it, of a Parquet file its own statistics; any other may have
/// such rows, and is among them.
public enum BackfillFiles {
  /// How many bytes are read together at most, unless one file is larger.
  public static let pieceByteCount = 256 << 20

  /// The files of `set` with rows of `range`, in pieces.
  public static func pieces(
    of set: SetPlan, over range: Range<Instant>, _ project: Project, _ registry: Registry
  ) throws -> [[String]] {
    guard let source = project.definitions.source(set.source) else { return [] }
    let contents = try registry.contents(of: SetName(set), at: try registry.currentData())
    var known: [String: Bool] = [:]
    for segment in contents.segments {
      let overlaps = segment.span.map { span in
        span.lowerBound < range.upperBound && span.upperBound >= range.lowerBound
      }
      for (file, isWithdrawn) in zip(segment.files, segment.withdrawn) where !isWithdrawn {
        known[file.file.path] = (known[file.file.path] ?? false) || (overlaps ?? false)
      }
    }
    var pieces: [[String]] = []
    var byteCount = 0
    for file in try FoundFile.all(of: source, in: project) {
      try project.checkpoint()
      guard known[file.path] ?? mayHaveRows(file, source.at, range) else { continue }
      if pieces.isEmpty || byteCount + file.stamp.byteCount > pieceByteCount {
        pieces.append([])
        byteCount = 0
      }
      pieces[pieces.count - 1].append(file.path)
      byteCount += file.stamp.byteCount
    }
    return pieces
  }

  /// Whether a file that was never read may have rows of `range`; a file that cannot be looked into may, and
  /// is an error of the run that reads it.
  private static func mayHaveRows(
    _ file: FoundFile, _ at: String, _ range: Range<Instant>
  ) -> Bool {
    guard FileFormat(path: file.location)?.kind == .parquet,
      // As said above.
      let opened = try? ParquetFile(LocalFile(file.location)),
      let rows = try? opened.rows(thatMayFulfil: [
        RowCondition(at, from: .time(range.lowerBound), before: .time(range.upperBound))
      ])
    else { return true }
    return !rows.isEmpty
  }
}
