import Glibc
import MartletColumns
import MartletOffline
import MartletOnline
import MartletParquet
import MartletSources

/// The rows pushed to a source, as files that runs read like any others of the source.
///
///     online store's log ──commits 8 to 15──▶ pushes/orders/8-15.parquet ──next run──▶ segments
///
/// A file holds whole commits and never changes, and each commit is in one file alone.
struct PushFiles {
  private let folder: String
  private let source: String

  init(of source: String, in store: String) {
    self.source = source
    folder = "\(store)/pushes/\(source)"
  }

  /// The files, sorted by their first commits.
  var paths: [String] {
    ranges.sorted { $0.lowerBound < $1.lowerBound }.map { path(of: $0) }
  }

  /// The last commit that is in a file; 0 while there is none.
  var lastCommit: UInt64 { ranges.map(\.upperBound).max() ?? 0 }

  /// The last commit of the file at `path`; `nil` where it is no such file.
  static func lastCommit(ofFileAt path: String) -> UInt64? {
    guard path.contains("/pushes/"), let name = path.split(separator: "/").last else { return nil }
    return range(named: String(name))?.upperBound
  }

  /// Writes what was pushed since the last file as a file more.
  func write(from store: OnlineStore) throws {
    let first = lastCommit + 1
    var batches: [Batch] = []
    let last = try store.pushes(to: source, after: first - 1) { _, rows in batches.append(rows) }
    guard let schema = batches.first?.schema, last >= first else { return }
    try makeFolder()
    let file: OutputFile
    let attempt = "writing what was pushed to `\(source)`"
    do throws(SystemError) {
      file = try OutputFile(at: path(of: first...last))
      var writer = ParquetWriter<SystemError>(
        schema, sink: { (bytes) throws(SystemError) in try file.write(bytes.bytes) })
      // Rows of other columns, from before the source was defined anew, are left to the log.
      for batch in batches where batch.schema == schema { try writer.append(batch) }
      try writer.finish()
      try file.commit()
    } catch {
      throw OfflineError(attempt: attempt, reason: .refused(error.reason))
    }
  }

  private func makeFolder() throws(OfflineError) {
    let above = String(folder.dropLast(source.utf8.count + 1))
    for path in [above, folder] where mkdir(path, 0o777) != 0 && errno != EEXIST {
      throw OfflineError(attempt: "making `\(path)`", reason: .refused(SystemError.last.reason))
    }
  }

  private func path(of range: ClosedRange<UInt64>) -> String {
    "\(folder)/\(range.lowerBound)-\(range.upperBound).parquet"
  }

  private var ranges: [ClosedRange<UInt64>] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var ranges: [ClosedRange<UInt64>] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let range = Self.range(named: name) { ranges.append(range) }
    }
    return ranges
  }

  private static func range(named name: String) -> ClosedRange<UInt64>? {
    guard name.hasSuffix(".parquet") else { return nil }
    let bounds = name.dropLast(8).split(separator: "-").map { UInt64($0) }
    guard bounds.count == 2, let first = bounds[0], let last = bounds[1], first <= last else {
      return nil
    }
    return first...last
  }
}
