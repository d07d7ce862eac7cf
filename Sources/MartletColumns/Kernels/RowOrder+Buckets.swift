/// Rows dealt out by the highest digit of their words, each bucket then sorted by itself.
///
///     entries │ bucket 0 │ bucket 1 │ … │      rows │ in order │ in order │ … │
///
/// A bucket has memory of its own to be sorted in, so that all together need not be there twice.
final class EntryBuckets: @unchecked Sendable {
  // Sendable because each bucket's entries are touched by one call of `sort` alone.
  private let entries: UnsafeMutablePointer<Entries.Entry>
  private let starts: [Int]
  private let bits: Int

  /// `count` rows, by the lowest `bits` bits of each one's word.
  @inline(__always)
  init(count: Int, bits: Int, _ word: (Int) -> UInt64) {
    let high = Entries.dealtBits(count: count, of: bits)
    let low = UInt64(bits - high)
    var next = [Int](repeating: 0, count: 1 << high)
    next.withUnsafeMutableBufferPointer { next in
      for row in 0..<count { next[Int(truncatingIfNeeded: word(row) &>> low)] &+= 1 }
    }
    var starts = [0]
    for (bucket, size) in next.enumerated() {
      next[bucket] = starts[bucket]
      starts.append(starts[bucket] + size)
    }
    let entries = UnsafeMutablePointer<Entries.Entry>.allocate(capacity: max(count, 1))
    next.withUnsafeMutableBufferPointer { next in
      for row in 0..<count {
        let word = word(row)
        let bucket = Int(truncatingIfNeeded: word &>> low)
        entries[next[bucket]] = Entries.Entry(word: word, row: UInt64(row))
        next[bucket] &+= 1
      }
    }
    self.entries = entries
    self.starts = starts
    self.bits = Int(low)
  }

  deinit { entries.deallocate() }

  /// How many rows there are.
  var rowCount: Int { starts[starts.count - 1] }

  /// How many buckets there are.
  var count: Int { starts.count - 1 }

  /// Sorts bucket `bucket`, and writes its rows to where they belong in `room`, which is for all.
  func sort(_ bucket: Int, into room: Room) {
    let (start, end) = (starts[bucket], starts[bucket + 1])
    guard end > start else { return }
    let spare = UnsafeMutablePointer<Entries.Entry>.allocate(capacity: end - start)
    defer { spare.deallocate() }
    let isInSpare = Entries.sort(entries + start, spare, count: end - start, bits: bits)
    let sorted = isInSpare ? spare : entries + start
    for index in 0..<end - start {
      room.start[start &+ index] = Int32(truncatingIfNeeded: sorted[index].row)
    }
  }

  /// Where rows in order go.
  struct Room: @unchecked Sendable {
    // Sendable because every bucket has its part of it.
    let start: UnsafeMutablePointer<Int32>

    /// Fails where there is no room at all.
    init?(_ room: UnsafeMutableBufferPointer<Int32>) {
      guard let start = room.baseAddress else { return nil }
      self.start = start
    }
  }
}
