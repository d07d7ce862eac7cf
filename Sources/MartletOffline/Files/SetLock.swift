import Glibc

/// The right to change one feature set's data: one process has it at a time.
///
/// The system gives it back when the process ends, however it ends, so that nobody has to guess
/// whether a holder is still alive.
public final class SetLock: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// The lock of `set` in `store`; `nil` while another process has it.
  public static func take(_ set: String, in store: String) throws(OfflineError) -> SetLock? {
    let folder = "\(store)/locks"
    let attempt = "locking `\(set)`"
    func refused() -> OfflineError {
      OfflineError(attempt: attempt, reason: .refused(SystemError.last.reason))
    }
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw refused() }
    let descriptor = open("\(folder)/\(set)", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw refused() }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
      LockHolder.current.write(to: descriptor)
      return SetLock(descriptor)
    }
    let isTaken = errno == EWOULDBLOCK
    let refusal = refused()
    close(descriptor)
    if isTaken { return nil }
    throw refusal
  }

  /// Who has the lock of `set` in `store`, as far as it says; `nil` where that cannot be told.
  public static func holder(of set: String, in store: String) -> LockHolder? {
    LockHolder(readFrom: "\(store)/locks/\(set)")
  }
}
