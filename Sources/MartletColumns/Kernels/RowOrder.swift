/// The order of rows by key, then time.
///
/// Both are cut down to the bits in which the rows differ and packed into one word, so that each
/// row moves as 16 bytes:
///
///     packed   0…0 │ key - lowest key │ time - earliest time
///     row
///
/// The highest digits deal the rows into buckets until these fit the cache; each is then sorted from
/// its lowest digit up, by whichever thread is free. Where 64 bits are too few for both, the rows are
/// sorted by time and then, in that order, by key.
public enum RowOrder {
  /// Calls a function with each of 0, 1, … up to a count, in any order, at the same time or not, and
  /// returns when all calls have.
  public typealias ForEach = (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void

  /// The rows by key, then time; rows equal in both stay in their order.
  public static func by(
    key keys: Span<Int64>, thenTime times: Span<Int64>,
    forEach: ForEach = { count, body in for index in 0..<count { body(index) } }
  ) -> Buffer<Int32> {
    precondition(keys.count == times.count, "\(keys.count) keys, \(times.count) times")
    precondition(keys.count <= Int(Int32.max), "more rows than 32 bits number")
    if isInOrder(keys, times) {
      return Buffer((0..<keys.count).lazy.map { Int32(truncatingIfNeeded: $0) })
    }
    let key = Range(of: keys)
    let time = Range(of: times)
    if key.bits + time.bits <= 64 {
      let bits = key.bits + time.bits
      @inline(__always) func word(_ row: Int) -> UInt64 {
        let high = key.bits == 0 ? 0 : key.above(keys[unchecked: row]) &<< UInt64(time.bits)
        return high | time.above(times[unchecked: row])
      }
      if keys.count > Entries.mostInCache, bits > 0 {
        let buckets = EntryBuckets(count: keys.count, bits: bits, word)
        var rows = BufferBuilder<Int32>()
        rows.append(upTo: keys.count) { room in
          guard let room = EntryBuckets.Room(room) else { return 0 }
          forEach(buckets.count) { buckets.sort($0, into: room) }
          return buckets.rowCount
        }
        return rows.finish()
      }
      var entries = Entries(count: keys.count)
      entries.fill(word)
      entries.sort(bits: bits)
      return entries.rows()
    }
    var entries = Entries(count: keys.count)
    entries.fill { row in time.above(times[unchecked: row]) }
    entries.sort(bits: time.bits)
    entries.refill { row in key.above(keys[unchecked: row]) }
    entries.sort(bits: key.bits)
    return entries.rows()
  }

  /// Whether the rows lie by key, then time, which is soon found out where they do not.
  private static func isInOrder(_ keys: Span<Int64>, _ times: Span<Int64>) -> Bool {
    for row in keys.indices.dropFirst() {
      let (one, next) = (keys[unchecked: row &- 1], keys[unchecked: row])
      if one > next || one == next && times[unchecked: row &- 1] > times[unchecked: row] {
        return false
      }
    }
    return true
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
