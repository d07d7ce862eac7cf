import Glibc
import Synchronization

/// What one thread at a time uses, in so many places that threads seldom meet.
///
///     thread ──hash──▶ seat ── free: sits down
///                        └──── taken: the next one ── all taken: something made for this once
///
/// One place for all, and every lock and every count of references in it, would go from processor to
/// processor with each use, which takes longer than what is done there.
///
/// `@unchecked Sendable`: what a seat keeps is touched by whoever has set its `isTaken`, and by nobody else.
public final class Seats<Kept>: @unchecked Sendable {
  private let seats: UnsafeMutablePointer<Seat>

  private struct Seat: ~Copyable {
    let isTaken = Atomic<Bool>(false)
    var kept: UnsafeMutablePointer<Kept>?

    /// Two seats share no line of a processor's cache, nor the two lines that are fetched together.
    private let apart = SIMD16<UInt64>()
  }

  private static var bits: UInt64 { 4 }
  private static var count: Int { 1 &<< bits }

  /// Seats that keep nothing yet.
  public init() {
    seats = .allocate(capacity: Self.count)
    for number in 0..<Self.count { (seats + number).initialize(to: Seat()) }
  }

  deinit {
    for number in 0..<Self.count {
      guard let kept = seats[number].kept else { continue }
      kept.deinitialize(count: 1)
      kept.deallocate()
    }
    seats.deinitialize(count: Self.count)
    seats.deallocate()
  }

  /// Calls `body` with what a seat keeps, or what is made for it.
  public func with<Result, Failure: Error>(
    _ make: () -> Kept, _ body: (inout Kept) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Threads lie a stack apart, so that the lowest bits of their numbers are the same.
    let thread = UInt64(truncatingIfNeeded: Int(bitPattern: pthread_self())) &>> 12
    let home = Int(truncatingIfNeeded: (thread &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- Self.bits))
    for step in 0..<Self.count {
      let seat = seats + ((home &+ step) & (Self.count &- 1))
      guard !seat.pointee.isTaken.exchange(true, ordering: .acquiring) else { continue }
      defer { seat.pointee.isTaken.store(false, ordering: .releasing) }
      if let kept = seat.pointee.kept { return try body(&kept.pointee) }
      let kept = UnsafeMutablePointer<Kept>.allocate(capacity: 1)
      kept.initialize(to: make())
      seat.pointee.kept = kept
      return try body(&kept.pointee)
    }
    var lone = make()
    return try body(&lone)
  }
}
