import MartletColumns
import MartletOffline
import MartletRegistry

/// Whether this process keeps the schedules.
///
///     follower ──lease free, ended, or its holder dead──▶ leader ──not renewed in time──▶ follower
///
/// A leader also holds a lock that the system gives back when its process ends, however it ends: who gets
/// it knows that the holder of the lease is gone, and need not wait for the lease to end. That the lock
/// cannot be had says nothing, since a process that hangs holds it too.
struct Leadership {
  static let name = "schedules"

  private let registry: Registry
  private let settings: ScheduleSettings
  private let store: String
  private var lock: SetLock?
  private var nextRenewal = Instant(microseconds: .min)

  /// The lease, while it is ours.
  private(set) var lease: Lease?

  init(_ registry: Registry, store: String, _ settings: ScheduleSettings) {
    self.registry = registry
    self.store = store
    self.settings = settings
  }

  /// Takes the lease or renews it, where that is due; gives whether this process leads.
  mutating func hold(at now: Instant) throws -> Bool {
    guard now >= nextRenewal else { return lease.map { $0.endsAt > now } ?? false }
    let end = now.advanced(by: settings.lease.microseconds)
    // No set has such a name.
    if lock == nil { lock = try SetLock.take(".\(Self.name)", in: store) }
    if let held = lease {
      lease = try registry.renew(held, until: end)
    } else {
      lease = try registry.takeLease(
        Self.name, by: settings.holder, at: now, until: end, deadHolder: lock != nil)
    }
    let pause = lease == nil ? 500_000 : settings.lease.microseconds / 3
    nextRenewal = now.advanced(by: pause)
    if lease == nil { lock = nil }
    return lease != nil
  }

  /// Somebody else leads.
  mutating func lose() {
    lease = nil
    lock = nil
  }

  /// Lets the next lead at once.
  mutating func giveUp() throws {
    if let lease { try registry.giveUp(lease) }
    lose()
  }
}
