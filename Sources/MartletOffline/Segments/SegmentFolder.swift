import Glibc

/// The folder of one feature set's segments.
///
///     offline/customer_spend/.run-12-1.partial      being written, seen by nobody
///     offline/customer_spend/7f3a….parquet          named by its content, never changed
public struct SegmentFolder: Sendable {
  /// Where it is.
  public let path: String

  /// The folder of the set called `set` in the store at `store`; made by whoever first writes.
  public init(of set: String, in store: String) { path = "\(store)/offline/\(set)" }

  /// Where the segment called `name` is.
  public func path(ofSegment name: String) -> String { "\(path)/\(name).parquet" }

  /// Where the piece numbered `piece` of run `run` is written.
  func partialPath(run: Int, piece: Int) -> String { "\(path)/.run-\(run)-\(piece).partial" }

  /// Makes the folder, and those above it, where they are missing.
  func make() throws(OfflineError) {
    var end = path.startIndex
    while end != path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      guard mkdir(String(path[..<end]), 0o777) == 0 || errno == EEXIST else {
        throw OfflineError(attempt: "making `\(path)`", reason: .refused(SystemError.last.reason))
      }
    }
  }

  /// Gives `segments` their names; they are on the disk when this returns.
  public func publish(_ segments: [SealedSegment]) throws(OfflineError) {
    guard !segments.isEmpty else { return }
    for segment in segments {
      let attempt = "naming a segment in `\(path)`"
      guard rename(segment.partialPath, path(ofSegment: segment.facts.name)) == 0 else {
        throw OfflineError(attempt: attempt, reason: .refused(SystemError.last.reason))
      }
      UnfinishedFiles.ofProcess.forget(segment.partialPath)
    }
    try sync()
  }

  /// Brings the folder's names to the disk.
  func sync() throws(OfflineError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw OfflineError(attempt: "syncing `\(path)`", reason: .refused(SystemError.last.reason))
    }
  }

  /// Removes what runs left half-written; the caller holds the set's lock, so that none is at it.
  public func removeLeftovers() {
    for name in names where name.hasPrefix(".run-") && name.hasSuffix(".partial") {
      unlink("\(path)/\(name)")
    }
  }

  /// The names of all segments that lie here, known to the registry or not.
  public var segmentNames: [String] {
    names.compactMap { $0.hasSuffix(".parquet") ? String($0.dropLast(8)) : nil }.sorted()
  }

  /// Removes the segment called `name`, which no version and no reader needs any more.
  public func remove(_ name: String) { unlink(path(ofSegment: name)) }

  private var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }
}
