/// Words to sort by, each with the row it came from.
struct Entries: ~Copyable {
  struct Entry: BitwiseCopyable {
    var word: UInt64
    var row: UInt64
  }

  /// 8,192 rows and their spare take 256 KiB: what does not fit the cache is dealt out further.
  static let mostInCache = 8_192

  private var entries: UnsafeMutablePointer<Entry>
  private var spare: UnsafeMutablePointer<Entry>
  private let count: Int

  init(count: Int) {
    self.count = count
    entries = .allocate(capacity: max(count, 1))
    spare = .allocate(capacity: max(count, 1))
  }

  deinit {
    entries.deallocate()
    spare.deallocate()
  }

  @inline(__always)
  mutating func fill(_ word: (Int) -> UInt64) {
    for row in 0..<count { entries[row] = Entry(word: word(row), row: UInt64(row)) }
  }

  @inline(__always)
  mutating func refill(_ word: (Int) -> UInt64) {
    for index in 0..<count {
      entries[index].word = word(Int(truncatingIfNeeded: entries[index].row))
    }
  }

  func rows() -> Buffer<Int32> {
    var rows = BufferBuilder<Int32>()
    rows.append(upTo: count) { room in
      for index in 0..<count { room[index] = Int32(truncatingIfNeeded: entries[index].row) }
      return count
    }
    return rows.finish()
  }

  /// Sorts by the lowest `bits` bits of each word; the others must be clear.
  mutating func sort(bits: Int) {
    if Self.sort(entries, spare, count: count, bits: bits) { swap(&entries, &spare) }
  }

  /// By how many of the highest of `bits` bits `count` rows are dealt out at once.
  static func dealtBits(count: Int, of bits: Int) -> Int {
    min(bits, Int.bitWidth - (count / 4_096).leadingZeroBitCount, 11)
  }

  /// Sorts by the lowest `bits` bits, in which alone the words differ; returns whether the result is
  /// in `spare`.
  static func sort(
    _ entries: UnsafeMutablePointer<Entry>, _ spare: UnsafeMutablePointer<Entry>, count: Int,
    bits: Int
  ) -> Bool {
    // Keys are skewed, so a bucket may still be most of its parent.
    guard count > mostInCache, bits > 0 else {
      return sortInCache(entries, spare, count: count, bits: bits)
    }
    let high = dealtBits(count: count, of: bits)
    let low = bits - high
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << high) { ends in
      deal(entries, into: spare, count: count, bitsFrom: UInt64(low), ends: ends)
      var start = 0
      for end in ends {
        // The bucket lies in `spare` now, so that what is sorted into its spare is back home.
        if !sort(spare + start, entries + start, count: end - start, bits: low) {
          (entries + start).update(from: spare + start, count: end - start)
        }
        start = end
      }
    }
    return false
  }

  /// Deals rows into buckets by the digit that begins at bit `shift`; fills in where each ends.
  private static func deal(
    _ from: UnsafeMutablePointer<Entry>, into to: UnsafeMutablePointer<Entry>, count: Int,
    bitsFrom shift: UInt64, ends: UnsafeMutableBufferPointer<Int>
  ) {
    let mask = UInt64(ends.count - 1)
    ends.initialize(repeating: 0)
    for index in 0..<count {
      ends[Int(truncatingIfNeeded: from[index].word &>> shift & mask)] &+= 1
    }
    var start = 0
    for bucket in 0..<ends.count {
      let size = ends[bucket]
      ends[bucket] = start
      start += size
    }
    for index in 0..<count {
      let entry = from[index]
      let bucket = Int(truncatingIfNeeded: entry.word &>> shift & mask)
      to[ends[bucket]] = entry
      ends[bucket] &+= 1
    }
  }

  /// Sorts what fits the cache, from the lowest digit up; returns whether the result is in `spare`.
  private static func sortInCache(
    _ entries: UnsafeMutablePointer<Entry>, _ spare: UnsafeMutablePointer<Entry>, count: Int,
    bits: Int
  ) -> Bool {
    if count <= 24 {
      insertionSort(entries, count: count, mask: bits == 64 ? .max : (1 &<< UInt64(bits)) &- 1)
      return false
    }
    // Digits of 8 bits while buckets are small: their counters must stay cheap beside the rows.
    let digit = count < 2_048 ? 8 : 11
    var from = entries
    var to = spare
    var shift = 0
    while shift < bits {
      let width = min(digit, bits - shift)
      if pass(from, to, count: count, shift: UInt64(shift), width: width) { swap(&from, &to) }
      shift += width
    }
    return from != entries
  }

  /// One pass by one digit; does nothing, and says so, where all rows share it.
  private static func pass(
    _ from: UnsafeMutablePointer<Entry>, _ to: UnsafeMutablePointer<Entry>, count: Int,
    shift: UInt64, width: Int
  ) -> Bool {
    let size = 1 << width
    let mask = UInt64(size - 1)
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: size) { next in
      next.initialize(repeating: 0)
      for index in 0..<count {
        next[Int(truncatingIfNeeded: from[index].word &>> shift & mask)] &+= 1
      }
      if next[Int(truncatingIfNeeded: from[0].word &>> shift & mask)] == Int32(count) {
        return false
      }
      var start: Int32 = 0
      for value in 0..<size {
        let rows = next[value]
        next[value] = start
        start &+= rows
      }
      for index in 0..<count {
        let entry = from[index]
        let value = Int(truncatingIfNeeded: entry.word &>> shift & mask)
        to[Int(next[value])] = entry
        next[value] &+= 1
      }
      return true
    }
  }

  private static func insertionSort(
    _ entries: UnsafeMutablePointer<Entry>, count: Int, mask: UInt64
  ) {
    guard count > 1 else { return }
    for index in 1..<count {
      let entry = entries[index]
      var place = index
      while place > 0, entries[place &- 1].word & mask > entry.word & mask {
        entries[place] = entries[place &- 1]
        place &-= 1
      }
      entries[place] = entry
    }
  }
}
