public import MartletColumns

/// The right to keep the schedules, which one process has at a time.
///
///     nobody's ──take──▶ held ──renew──▶ held ─ ─ ─ ends ─ ─ ▶ anybody's
///                          └───give up──▶ nobody's
///
/// Each holder has an epoch of its own. What it writes is written only while the epoch is the newest, so
/// that a process that slept through its lease and wakes up changes nothing.
public struct Lease: Hashable, Sendable {
  /// What the lease is for.
  public let name: String

  /// Who has it.
  public let holder: String

  /// Grows with each holder.
  public let epoch: Int

  /// Since when it is held, and when it ends unless it is renewed.
  public let takenAt: Instant
  public let endsAt: Instant
}
