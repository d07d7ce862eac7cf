import CEpoll
import Glibc

/// A thread of our own, with a name that tools show.
///
/// Files and RocksDB may make it wait, which Swift's cooperative threads must not.
final class LoopThread: @unchecked Sendable {
  // Sendable because the handle is set before anyone else sees this and never changes.
  private let thread: pthread_t

  init(named name: String, _ body: @escaping @Sendable () -> Void) throws(SocketError) {
    let box = Unmanaged.passRetained(Body(run: body))
    var thread = pthread_t()
    let refusal = pthread_create(&thread, nil, runBody, box.toOpaque())
    guard refusal == 0 else {
      box.release()
      throw SocketError(attempt: "starting a thread", reason: "the system gives no more")
    }
    martlet_name_thread(thread, name)
    self.thread = thread
  }

  /// Returns when the thread has ended; called once.
  func join() { pthread_join(thread, nil) }
}

private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runBody(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let box { Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run() }
  return nil
}
