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
