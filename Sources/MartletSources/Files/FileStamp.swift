import Glibc

/// By what a file is recognised without being read: its length and the time of its last change.
public struct FileStamp: Hashable, Sendable {
  /// How long it is.
  public var byteCount: Int

  /// When it was last modified, in nanoseconds since 1970.
  public var modifiedAt: Int64

  /// The stamp of the file at `path` as it is now.
  public init(of path: String) throws(SourceError) {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      let reason: SourceError.Reason = errno == ENOENT ? .nothingThere : .refused(lastRefusal())
      throw SourceError(attempt: "looking at `\(path)`", reason: reason)
    }
    byteCount = Int(facts.st_size)
    let (whole, overflow) = Int64(facts.st_mtim.tv_sec).multipliedReportingOverflow(
      by: 1_000_000_000)
    modifiedAt = overflow ? 0 : whole &+ Int64(facts.st_mtim.tv_nsec)
  }
}
