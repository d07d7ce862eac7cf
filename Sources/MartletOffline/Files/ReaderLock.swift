import Glibc

/// Held by everyone who reads segments, so that none is deleted under a reader.
///
/// Readers share it. Whoever deletes needs it alone, and leaves where somebody reads.
public final class ReaderLock: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// The lock of one reader of `store`; waits for who deletes, which takes moments.
  public static func share(in store: String) throws(OfflineError) -> ReaderLock {
    let descriptor = try open(in: store)
    while flock(descriptor, LOCK_SH) != 0 {
      guard errno == EINTR else { throw refused() }
    }
    return ReaderLock(descriptor)
  }

  /// The lock alone; `nil` while somebody reads.
  public static func takeAll(in store: String) throws(OfflineError) -> ReaderLock? {
    let descriptor = try open(in: store)
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return ReaderLock(descriptor) }
    let isTaken = errno == EWOULDBLOCK
    let refusal = refused()
    close(descriptor)
    if isTaken { return nil }
    throw refusal
  }

  private static func open(in store: String) throws(OfflineError) -> Int32 {
    guard mkdir("\(store)/locks", 0o777) == 0 || errno == EEXIST else { throw refused() }
    // Its name is no set's: names have no dots.
    let descriptor = Glibc.open(
      "\(store)/locks/readers.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw refused() }
    return descriptor
  }

  private static func refused() -> OfflineError {
    OfflineError(
      attempt: "locking the segments", reason: .refused(SystemError.last.reason))
  }
}
