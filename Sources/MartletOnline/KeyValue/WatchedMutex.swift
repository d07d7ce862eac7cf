#if MARTLET_SANITIZE
  import Glibc

  /// What stands for `Synchronization.Mutex` in this module while the thread sanitizer watches it.
  ///
  /// A mutex of the standard library's that somebody waits for is taken and given in the system's own code, which
  /// the sanitizer does not see: it would report every value that was handed over so. It knows POSIX's.
  ///
  /// `@unchecked Sendable`: the value is read and changed within the lock only.
  struct Mutex<Value>: ~Copyable, @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    init(_ value: consuming Value) {
      lock = .allocate(capacity: 1)
      pthread_mutex_init(lock, nil)
      self.value = .allocate(capacity: 1)
      self.value.initialize(to: value)
    }

    deinit {
      pthread_mutex_destroy(lock)
      lock.deallocate()
      value.deinitialize(count: 1)
      value.deallocate()
    }

    borrowing func withLock<Result, Failure: Error>(
      _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&value.pointee)
    }
  }
#endif
