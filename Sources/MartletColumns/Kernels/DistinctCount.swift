extension Column {
  /// How many different values there are, nulls aside; `nil` of types that are no keys.
  ///
  /// Values are the same as where they are keys: -0.0 is 0.0, and a NaN is every NaN.
  public func countDistinct() -> Int? {
    guard type.canBeKey else { return nil }
    switch values {
    case .int(let numbers), .time(let numbers): return countDistinct(numbers)
    case .double(let numbers): return countDistinct(numbers.canonicalBits())
    default:
      var groups = Grouper([type])
      _ = groups.groups(of: [self])
      return groups.count - (countNulls() > 0 ? 1 : 0)
    }
  }

  private func countDistinct(_ words: Buffer<Int64>) -> Int {
    var dealt = DealtWords(capacity: count)
    if let validity {
      validity.forEachRun { dealt.add(words.slice($0)) }
    } else {
      dealt.add(words)
    }
    return dealt.countDistinct()
  }
}

/// Words, dealt out by a part of their hash so that the table of each part stays near the processor.
private struct DealtWords: ~Copyable {
  private static let partBits: UInt64 = 6

  private var parts: [[Int64]]

  init(capacity: Int) {
    let share = capacity >> Int(Self.partBits)
    parts = (0..<1 << Self.partBits).map { _ in
      var part: [Int64] = []
      part.reserveCapacity(share + share / 8 + 16)
      return part
    }
  }

  mutating func add(_ words: Buffer<Int64>) {
    words.withUnsafeBufferPointer { words in
      for word in words {
        // The lowest bits deal; the highest find the slot.
        let part = RowHash.of(UInt64(bitPattern: word)) >> 8 & ((1 << Self.partBits) - 1)
        parts[Int(truncatingIfNeeded: part)].append(word)
      }
    }
  }

  func countDistinct() -> Int { parts.reduce(0) { $0 + Self.countDistinct($1) } }

  /// A table of open addressing, at most half full; a zero is counted beside it.
  private static func countDistinct(_ words: [Int64]) -> Int {
    guard !words.isEmpty else { return 0 }
    var bits: UInt64 = 4
    while 1 << bits < words.count * 2 { bits += 1 }
    return withUnsafeTemporaryAllocation(of: Int64.self, capacity: 1 << Int(bits)) { slots in
      slots.initialize(repeating: 0)
      let mask = slots.count - 1
      var (count, hasZero) = (0, 0)
      for word in words {
        if word == 0 {
          hasZero = 1
          continue
        }
        var place = Int(truncatingIfNeeded: RowHash.of(UInt64(bitPattern: word)) >> (64 - bits))
        while slots[place] != 0, slots[place] != word { place = (place &+ 1) & mask }
        count += slots[place] == 0 ? 1 : 0
        slots[place] = word
      }
      return count + hasZero
    }
  }
}
