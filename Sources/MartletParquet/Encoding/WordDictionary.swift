import MartletColumns

/// Numbers by their bits: each distinct one once, in the order in which they came, and a code for
/// each value.
struct WordDictionary {
  /// The distinct values.
  var words: Buffer<UInt64>

  /// For each value, its index in `words`.
  var codes: Buffer<UInt32>

  /// The dictionary of `values`, or `nil` where it does not pay.
  init?(_ values: UnsafeBufferPointer<UInt64>, price: DictionaryPrice) {
    if let near = NearWords(values) {
      guard let found = near.dictionary(of: values, price) else { return nil }
      (words, codes) = found
      return
    }
    if let least = DistinctEstimate.least(of: values),
      !price.pays(distinct: least, seen: values.count)
    {
      return nil
    }
    var table = WordTable()
    var codes = BufferBuilder<UInt32>(capacity: values.count)
    var at = 0
    while at < values.count {
      let end = min(at + DictionaryPrice.step, values.count)
      table.reserve(end - at)
      codes.append(upTo: end - at) { room in
        for index in at..<end { room[index &- at] = table.code(of: values[index]) }
        return end - at
      }
      at = end
      guard price.pays(distinct: table.count, seen: at) else { return nil }
    }
    self.words = table.finish()
    self.codes = codes.finish()
  }
}

/// The lowest of words that lie so near each other that a place for each there may be fits the cache.
private struct NearWords {
  var lowest: UInt64

  /// How far above it the highest lies.
  var range: Int

  private static let mostPlaces = 1 << 13

  /// `nil` where they lie apart, which a few of them tell.
  init?(_ values: UnsafeBufferPointer<UInt64>) {
    guard values.count > 0 else { return nil }
    (lowest, range) = (0, 0)
    for count in [min(values.count, 64), values.count] {
      var (low, high) = (Int64.max, Int64.min)
      for index in 0..<count {
        let number = Int64(bitPattern: values[index])
        low = number < low ? number : low
        high = number > high ? number : high
      }
      let width = UInt64(bitPattern: high &- low)
      guard width < Self.mostPlaces, width < values.count else { return nil }
      (lowest, range) = (UInt64(bitPattern: low), Int(width))
    }
  }

  /// The dictionary of `values`, whose codes are found without a search; `nil` where it does not pay.
  func dictionary(
    of values: UnsafeBufferPointer<UInt64>, _ price: DictionaryPrice
  ) -> (words: Buffer<UInt64>, codes: Buffer<UInt32>)? {
    // A word's code plus one; 0 where it has not come yet.
    var found = [UInt32](repeating: 0, count: range + 1)
    var words = BufferBuilder<UInt64>(capacity: range + 1)
    var codes = BufferBuilder<UInt32>(capacity: values.count)
    var at = 0
    while at < values.count {
      let end = min(at + DictionaryPrice.step, values.count)
      codes.append(upTo: end - at) { room in
        found.withUnsafeMutableBufferPointer { found in
          for index in at..<end {
            let place = Int(truncatingIfNeeded: values[index] &- lowest)
            if found[place] == 0 {
              words.append(values[index])
              found[place] = UInt32(truncatingIfNeeded: words.count)
            }
            room[index &- at] = found[place] &- 1
          }
        }
        return end - at
      }
      at = end
      guard price.pays(distinct: words.count, seen: at) else { return nil }
    }
    return (words.finish(), codes.finish())
  }
}

/// How many distinct words there are at least, as a sample tells: a dictionary that will not pay is not begun.
private enum DistinctEstimate {
  private static let sampleCount = 1 << 13

  /// `nil` where a sample is not much less than all.
  ///
  /// Of words that come once in the sample and those that come twice Chao's bound says how many more there
  /// are that did not come. Words that lie in runs come apart in a sample, so that there are never thought
  /// to be more than runs; and a tenth is taken off for chance.
  static func least(of values: UnsafeBufferPointer<UInt64>) -> Int? {
    guard values.count >= sampleCount * 8 else { return nil }
    let step = values.count / sampleCount
    var table = WordTable()
    table.reserve(sampleCount)
    var counts = [Int32](repeating: 0, count: sampleCount)
    for index in 0..<sampleCount { counts[Int(table.code(of: values[index * step]))] += 1 }
    let (once, twice) = (counts.count { $0 == 1 }, counts.count { $0 == 2 })
    // Words that come round in turn may all come once in a sample, which then tells nothing.
    guard twice >= 32 else { return nil }
    let unseen = once * once / (2 * (twice + 1))
    let most = table.count + unseen
    var (runs, at) = (1, 1)
    while at < values.count, runs < most {
      let end = min(at + 4096, values.count)
      for index in at..<end { runs &+= values[index] != values[index &- 1] ? 1 : 0 }
      at = end
    }
    return min(most, runs) * 9 / 10
  }
}

/// An open-addressed table from words to the order in which they came.
///
/// Slots hold a code plus one, or zero; words lie apart, so that a small dictionary stays in the
/// nearest cache.
private struct WordTable: ~Copyable {
  private var slots: UnsafeMutablePointer<UInt32>
  private var words: UnsafeMutablePointer<UInt64>
  private var shift: UInt64
  private(set) var count = 0

  init() {
    shift = 64 - 10
    slots = .allocate(capacity: 1 << 10)
    slots.initialize(repeating: 0, count: 1 << 10)
    words = .allocate(capacity: 1 << 9)
  }

  deinit {
    slots.deallocate()
    words.deallocate()
  }

  private var slotCount: Int { 1 &<< Int(64 &- shift) }

  /// Makes room for `more` further words at a load of a half at most.
  mutating func reserve(_ more: Int) {
    guard count + more > slotCount / 2 else { return }
    let oldWords = words
    while count + more > slotCount / 2 { shift -= 1 }
    slots.deallocate()
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    words = .allocate(capacity: slotCount / 2)
    words.update(from: oldWords, count: count)
    oldWords.deallocate()
    for index in 0..<count {
      var slot = home(of: words[index])
      while slots[slot] != 0 { slot = (slot &+ 1) & (slotCount &- 1) }
      slots[slot] = UInt32(index + 1)
    }
  }

  // The golden ratio spreads what differs in any bit to the highest ones.
  @inline(__always)
  private func home(of word: UInt64) -> Int {
    let folded = word ^ word &>> 32
    return Int(truncatingIfNeeded: (folded &* 0x9E37_79B9_7F4A_7C15) &>> shift)
  }

  @inline(__always)
  mutating func code(of word: UInt64) -> UInt32 {
    var slot = home(of: word)
    let mask = slotCount &- 1
    while true {
      let held = slots[slot]
      if held == 0 {
        words[count] = word
        count &+= 1
        slots[slot] = UInt32(truncatingIfNeeded: count)
        return UInt32(truncatingIfNeeded: count &- 1)
      }
      if words[Int(held &- 1)] == word { return held &- 1 }
      slot = (slot &+ 1) & mask
    }
  }

  consuming func finish() -> Buffer<UInt64> {
    var buffer = BufferBuilder<UInt64>(capacity: count)
    buffer.append(contentsOf: UnsafeBufferPointer(start: words, count: count))
    return buffer.finish()
  }
}
