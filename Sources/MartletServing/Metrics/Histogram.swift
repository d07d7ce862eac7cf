import Glibc
import Synchronization

/// How long requests took, counted in buckets that Prometheus adds up. Any thread may count; nobody
/// waits.
///
/// The bounds go from 10 microseconds, which a lookup in memory takes, to 10 seconds, in steps of
/// about two and a half.
final class Histogram: Sendable {
  /// Upper bounds, in nanoseconds.
  static let bounds: [UInt64] = [
    10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
    25_000_000, 50_000_000, 100_000_000, 250_000_000, 1_000_000_000, 10_000_000_000,
  ]

  // A count for each bound, one beyond them all, and the sum of nanoseconds.
  private let counts = Counters(count: Histogram.bounds.count + 2)

  func count(nanoseconds: UInt64) {
    var bucket = 0
    while bucket < Self.bounds.count, nanoseconds > Self.bounds[bucket] { bucket += 1 }
    counts.add(1, at: bucket)
    counts.add(nanoseconds, at: Self.bounds.count + 1)
  }

  /// What was counted so far: by bucket, the last one beyond all bounds, and all seconds together.
  var reading: (buckets: [UInt64], seconds: Double) {
    let buckets = (0...Self.bounds.count).map { counts[$0] }
    return (buckets, Double(counts[Self.bounds.count + 1]) / 1e9)
  }
}

/// Numbers that only grow, side by side, for any thread.
///
/// Each thread adds to one of a few copies, which are added up when they are read: two that counted at the
/// same place would wait for each other's memory at every request.
///
///     copy 0 │ a │ b │ … │ to the line's end │ copy 1 │ a │ b │ …
final class Counters: @unchecked Sendable {
  // Sendable because the numbers are atomic and the memory lives as long as this.
  private let numbers: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  /// From one copy to the next: whole lines of the processor's memory.
  private let stride: Int

  private static let copyCount = 8
  private static let lineLength = 8

  init(count: Int) {
    self.count = count
    stride = (count + Self.lineLength - 1) / Self.lineLength * Self.lineLength
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: stride * Self.copyCount * MemoryLayout<Atomic<UInt64>>.stride, alignment: 64)
    numbers = memory.bindMemory(to: Atomic<UInt64>.self, capacity: stride * Self.copyCount)
    for index in 0..<stride * Self.copyCount { (numbers + index).initialize(to: Atomic(0)) }
  }

  deinit {
    numbers.deinitialize(count: stride * Self.copyCount)
    numbers.deallocate()
  }

  /// The copy that this thread adds to.
  private static var copy: Int {
    Int(truncatingIfNeeded: (UInt64(pthread_self()) &* 0x9E37_79B9_7F4A_7C15) &>> 61)
  }

  func add(_ more: UInt64, at index: Int) {
    precondition(index >= 0 && index < count, "counter \(index) of \(count)")
    numbers[Self.copy &* stride &+ index].wrappingAdd(more, ordering: .relaxed)
  }

  subscript(index: Int) -> UInt64 {
    precondition(index >= 0 && index < count, "counter \(index) of \(count)")
    return (0..<Self.copyCount).reduce(0) { sum, copy in
      sum &+ numbers[copy * stride + index].load(ordering: .relaxed)
    }
  }
}
