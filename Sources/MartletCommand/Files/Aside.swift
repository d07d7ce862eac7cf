import Glibc
import Synchronization

/// Work that goes on beside its caller's, on a thread of its own, until its outcome is asked for.
///
///     caller  ──start──▶ reads, joins, writes ──▶ value()
///     aside       ╰────▶ hashes ─────────────────────╯
///
/// Work that nobody asks about is waited for all the same, before its caller goes on to end the process.
final class Aside<Value: Sendable>: Sendable {
  private let state: Mutex<State>

  private enum State {
    case waiting(Outcome)
    case running(Outcome, pthread_t)
    case done(Result<Value, any Error>)

    var outcome: Outcome? {
      switch self {
      case .waiting(let outcome), .running(let outcome, _): outcome
      case .done: nil
      }
    }
  }

  /// Starts `work`.
  ///
  /// - Parameter isApart: Whether it gets a thread; else it is done when its outcome is asked for.
  init(isApart: Bool = true, _ work: @escaping @Sendable () throws -> Value) {
    let outcome = Outcome(work)
    guard isApart else {
      state = Mutex(.waiting(outcome))
      return
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(outcome as AsideWork)
    guard pthread_create(&thread, nil, runAside, box.toOpaque()) == 0 else {
      // Where the system gives no thread, whoever asks does the work.
      box.release()
      state = Mutex(.waiting(outcome))
      return
    }
    state = Mutex(.running(outcome, thread))
  }

  deinit {
    state.withLock { state in
      if case .running(_, let thread) = state { pthread_join(thread, nil) }
    }
  }

  /// What came of it, as soon as it is done.
  func value() throws -> Value {
    try state.withLock { state in
      switch state {
      case .done(let result): return try result.get()
      case .waiting(let outcome): outcome.run()
      case .running(_, let thread): pthread_join(thread, nil)
      }
      guard let result = state.outcome?.result else { preconditionFailure("the work never ran") }
      state = .done(result)
      return try result.get()
    }
  }

  /// The work, and what came of it.
  ///
  /// `@unchecked Sendable` as what it inherits from; all that it holds is guarded.
  private final class Outcome: AsideWork, @unchecked Sendable {
    /// Let go when it is done, and with it all that it leans on.
    private let work: Mutex<(@Sendable () throws -> Value)?>
    private let found = Mutex<Result<Value, any Error>?>(nil)

    init(_ work: @escaping @Sendable () throws -> Value) { self.work = Mutex(work) }

    var result: Result<Value, any Error>? { found.withLock { $0 } }

    override func run() {
      guard let work = work.withLock({ $0.take() }) else { return }
      let result = Result { try work() }
      found.withLock { $0 = result }
    }
  }
}

/// What a thread is told to do.
///
/// `@unchecked Sendable`: a class that others inherit from is not checked; this one holds nothing.
private class AsideWork: @unchecked Sendable {
  func run() {}
}

private func runAside(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let box { Unmanaged<AsideWork>.fromOpaque(box).takeRetainedValue().run() }
  return nil
}
