import Synchronization

/// A value that is there from some moment on.
final class SetOnce<Value: Sendable>: Sendable {
  private let held = Mutex<Value?>(nil)

  var value: Value? { held.withLock { $0 } }

  func set(_ value: Value) { held.withLock { $0 = value } }
}

/// Something that happens once.
final class AtomicFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  var isRaised: Bool { flag.load(ordering: .acquiring) }

  func raise() { flag.store(true, ordering: .releasing) }
}
