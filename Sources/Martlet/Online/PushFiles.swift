import Glibc
import MartletColumns
import MartletOffline
import MartletOnline
import MartletParquet
import MartletSources

/// The rows pushed to a source, as files that runs read like any others of the source.
///
///     online store's log ──commits 8 to 15──▶ pushes/orders/0-8-15.parquet ──next run──▶ segments
///
/// A file holds whole commits and never changes, and each commit is in one file alone. The first number
/// is the online store's incarnation, since one that is made anew counts its commits from 1.
struct PushFiles {
  private let folder: String
  private let source: String

  init(of source: String, in store: String) {
    self.source = source
    folder = "\(store)/pushes/\(source)"
  }

  /// Which commits a file holds.
  private struct Name {
    var incarnation: Int
    var commits: ClosedRange<UInt64>

    init(incarnation: Int, commits: ClosedRange<UInt64>) {
      self.incarnation = incarnation
      self.commits = commits
    }

    /// What the last part of `path` says; `nil` where it is no such file's.
    init?(_ path: String) {
      guard let name = path.split(separator: "/").last, name.hasSuffix(".parquet") else {
        return nil
      }
      let parts = name.dropLast(8).split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 3, let incarnation = Int(parts[0]), let first = UInt64(parts[1]),
        let last = UInt64(parts[2]), first <= last
      else { return nil }
      self.init(incarnation: incarnation, commits: first...last)
    }

    var text: String { "\(incarnation)-\(commits.lowerBound)-\(commits.upperBound).parquet" }
  }

  /// The files, sorted by their commits.
  var paths: [String] {
    names
      .sorted { ($0.incarnation, $0.commits.lowerBound) < ($1.incarnation, $1.commits.lowerBound) }
      .map { "\(folder)/\($0.text)" }
  }

  /// The last commit of the incarnation that the file at `path` holds; `nil` where it holds none.
  static func lastCommit(ofFileAt path: String, in incarnation: Int) -> UInt64? {
    guard path.contains("/pushes/"), let name = Name(path), name.incarnation == incarnation
    else { return nil }
    return name.commits.upperBound
  }

  /// Writes what was pushed since the last file as a file more; as several where the source's columns
  /// changed between.
  ///
  /// - Returns: How many rows were written.
  func write(from store: OnlineStore, incarnation: Int) throws -> Int {
    let own = names.filter { $0.incarnation == incarnation }
    let before = own.map(\.commits.upperBound).max() ?? 0
    var parts: [(commits: ClosedRange<UInt64>, rows: [Batch])] = []
    try store.pushes(to: source, after: before) { commit, rows in
      if let last = parts.last, last.rows.first?.schema == rows.schema {
        parts[parts.count - 1].commits = last.commits.lowerBound...commit
        parts[parts.count - 1].rows.append(rows)
      } else {
        parts.append((commit...commit, [rows]))
      }
    }
    guard !parts.isEmpty else { return 0 }
    try makeFolder()
    for part in parts {
      try write(part.rows, to: Name(incarnation: incarnation, commits: part.commits))
    }
    return parts.reduce(0) { count, part in
      part.rows.reduce(count) { $0 + $1.rowCount }
    }
  }

  private func write(_ batches: [Batch], to name: Name) throws(OfflineError) {
    guard let schema = batches.first?.schema else { return }
    do throws(SystemError) {
      let file = try OutputFile(at: "\(folder)/\(name.text)")
      var writer = ParquetWriter<SystemError>(
        schema, sink: { (bytes) throws(SystemError) in try file.write(bytes.bytes) })
      for batch in batches { try writer.append(batch) }
      try writer.finish()
      try file.commit()
    } catch {
      throw OfflineError(
        attempt: "writing what was pushed to `\(source)`", reason: .refused(error.reason))
    }
  }

  private func makeFolder() throws(OfflineError) {
    let above = String(folder.dropLast(source.utf8.count + 1))
    for path in [above, folder] where mkdir(path, 0o777) != 0 && errno != EEXIST {
      throw OfflineError(attempt: "making `\(path)`", reason: .refused(SystemError.last.reason))
    }
  }

  private var names: [Name] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [Name] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name = Name(name) { names.append(name) }
    }
    return names
  }
}
