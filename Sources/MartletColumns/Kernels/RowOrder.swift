/// The order of rows by key, then time.
///
/// Both are cut down to the bits in which the rows differ and packed into one word, so that each
/// row moves as 16 bytes:
///
///     packed   0…0 │ key - lowest key │ time - earliest time
///     row
///
/// The highest digits deal the rows into buckets until these fit the cache; each is then sorted from
/// its lowest digit up. Where 64 bits are too few for both, the rows are sorted by time
/// and then, in that order, by key.
public enum RowOrder {
  /// The rows by key, then time; rows equal in both stay in their order.
  public static func by(key keys: Span<Int64>, thenTime times: Span<Int64>) -> Buffer<Int32> {
    precondition(keys.count == times.count, "\(keys.count) keys, \(times.count) times")
    precondition(keys.count <= Int(Int32.max), "more rows than 32 bits number")
    let key = Range(of: keys)
    let time = Range(of: times)
    if key.bits + time.bits <= 64 {
      var entries = Entries(count: keys.count)
      entries.fill { row in
        let high = key.bits == 0 ? 0 : key.above(keys[unchecked: row]) &<< UInt64(time.bits)
        return high | time.above(times[unchecked: row])
      }
      entries.sort(bits: key.bits + time.bits)
      return entries.rows()
    }
    var entries = Entries(count: keys.count)
    entries.fill { row in time.above(times[unchecked: row]) }
    entries.sort(bits: time.bits)
    entries.refill { row in key.above(keys[unchecked: row]) }
    entries.sort(bits: key.bits)
    return entries.rows()
  }

  /// Where some numbers lie, and how many bits tell them apart.
  private struct Range {
    var lowest: Int64 = .max
    var bits: Int

    init(of numbers: Span<Int64>) {
      var highest = Int64.min
      for index in numbers.indices {
        lowest = min(lowest, numbers[unchecked: index])
        highest = max(highest, numbers[unchecked: index])
      }
      let width = numbers.isEmpty ? 0 : UInt64(bitPattern: highest &- lowest)
      bits = 64 - width.leadingZeroBitCount
    }

    @inline(__always)
    func above(_ number: Int64) -> UInt64 { UInt64(bitPattern: number &- lowest) }
  }
}

/// Words to sort by, each with the row it came from.
private struct Entries: ~Copyable {
  struct Entry: BitwiseCopyable {
    var word: UInt64
    var row: UInt64
  }

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

  /// Sorts by the lowest `bits` bits, in which alone the words differ; returns whether the result is
  /// in `spare`.
  private static func sort(
    _ entries: UnsafeMutablePointer<Entry>, _ spare: UnsafeMutablePointer<Entry>, count: Int,
    bits: Int
  ) -> Bool {
    // 8,192 rows and their spare take 256 KiB: what does not fit the cache is dealt out further.
    // Keys are skewed, so a bucket may still be most of its parent.
    guard count > 8_192, bits > 0 else {
      return sortInCache(entries, spare, count: count, bits: bits)
    }
    let wanted = Int.bitWidth - (count / 4_096).leadingZeroBitCount
    let high = min(bits, wanted, 11)
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
