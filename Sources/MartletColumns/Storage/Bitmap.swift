/// Which rows are set, a bit each.
///
/// Bit `i` is bit `(bitOffset + i) % 64` of word `(bitOffset + i) / 64`; a slice shares the words
/// and moves the offset.
///
/// Invariants:
/// - `words` holds at least `bitOffset + count` bits.
/// - `bitOffset` is under 64.
public struct Bitmap: Sendable {
  private let words: Buffer<UInt64>
  private let bitOffset: Int

  /// The number of bits, set or not.
  public let count: Int

  /// The first `count` bits of `words`.
  public init(words: Buffer<UInt64>, count: Int) {
    self.init(words: words, bitOffset: 0, count: count)
  }

  private init(words: Buffer<UInt64>, bitOffset: Int, count: Int) {
    precondition(count >= 0 && words.count * 64 >= bitOffset + count, "too few words")
    self.words = words
    self.bitOffset = bitOffset
    self.count = count
  }

  /// One bit for each of `bits`.
  public init(_ bits: some Collection<Bool>) {
    var builder = BitmapBuilder(capacity: bits.count)
    for bit in bits { builder.append(bit) }
    self = builder.finish()
  }

  /// `count` bits, all set or all clear.
  public init(repeating bit: Bool, count: Int) {
    var builder = BitmapBuilder(capacity: count)
    builder.append(repeating: bit, count: count)
    self = builder.finish()
  }

  /// The bits that are not zero among `flags`, a byte each.
  public init(flags: UnsafeBufferPointer<UInt8>) {
    var builder = BitmapBuilder(capacity: flags.count)
    var index = 0
    while index < flags.count {
      let step = min(64, flags.count - index)
      var word: UInt64 = 0
      for bit in 0..<step { word |= (flags[index &+ bit] == 0 ? 0 : 1) &<< UInt64(bit) }
      builder.append(word: word, count: step)
      index += step
    }
    self = builder.finish()
  }

  /// Calls `body` with the words, and with the number of the bit among them that is the first here.
  func withWords(_ body: (UnsafeBufferPointer<UInt64>, Int) -> Void) {
    words.withUnsafeBufferPointer { body($0, bitOffset) }
  }

  /// Whether bit `index` is set.
  public subscript(index: Int) -> Bool {
    precondition(index >= 0 && index < count, "bit \(index) of \(count)")
    let bit = bitOffset + index
    return words[bit / 64] &>> UInt64(bit % 64) & 1 == 1
  }

  /// The number of words that `word(_:)` counts.
  public var wordCount: Int { (count + 63) / 64 }

  /// Bits `64 * index` and following, the lowest first; those past the end are clear.
  public func word(_ index: Int) -> UInt64 {
    precondition(index >= 0 && index < wordCount, "word \(index) of \(wordCount)")
    var word = words[index] &>> UInt64(bitOffset)
    if bitOffset > 0, index + 1 < words.count {
      word |= words[index + 1] &<< UInt64(64 - bitOffset)
    }
    let bits = count - index * 64
    return bits >= 64 ? word : word & (1 &<< UInt64(bits) &- 1)
  }

  /// The bits in `range`, sharing these words.
  public func slice(_ range: Range<Int>) -> Bitmap {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    let first = bitOffset + range.lowerBound
    return Bitmap(
      words: words.slice(first / 64..<(first % 64 + range.count + 63) / 64 + first / 64),
      bitOffset: first % 64, count: range.count)
  }

  /// Calls `body` with each run of set bits, ascending.
  public func forEachRun(_ body: (Range<Int>) -> Void) {
    var (start, isOpen) = (0, false)
    for index in 0..<wordCount {
      let word = word(index)
      var bit = 0
      while bit < 64 {
        // The next bit that is unlike those that go on.
        let rest = (isOpen ? ~word : word) &>> UInt64(bit)
        bit += rest.trailingZeroBitCount
        guard rest != 0, bit < 64 else { break }
        if isOpen { body(start..<index * 64 + bit) } else { start = index * 64 + bit }
        isOpen.toggle()
      }
    }
    if isOpen { body(start..<count) }
  }

  /// How many bits are set. Reads every word.
  public func countSetBits() -> Int {
    var total = 0
    for index in 0..<wordCount { total += word(index).nonzeroBitCount }
    return total
  }

  /// The bits set in both.
  public func intersection(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 & $1 } }

  /// The bits set in either.
  public func union(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 | $1 } }

  /// The bits that are clear here.
  public func complement() -> Bitmap { combined(with: self) { word, _ in ~word } }

  private func combined(with other: Bitmap, _ join: (UInt64, UInt64) -> UInt64) -> Bitmap {
    precondition(count == other.count, "\(count) bits with \(other.count)")
    var joined = BufferBuilder<UInt64>(capacity: wordCount)
    for index in 0..<wordCount { joined.append(join(word(index), other.word(index))) }
    return Bitmap(words: joined.finish(), count: count)
  }
}

extension Bitmap: Equatable {
  public static func == (one: Bitmap, other: Bitmap) -> Bool {
    one.count == other.count && (0..<one.wordCount).allSatisfy { one.word($0) == other.word($0) }
  }
}
