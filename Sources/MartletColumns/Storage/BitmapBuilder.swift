/// Bits under construction.
public struct BitmapBuilder: ~Copyable {
  private var words: BufferBuilder<UInt64>
  private var pending: UInt64 = 0

  /// The number of bits so far.
  public private(set) var count = 0

  /// The number of set bits so far.
  public private(set) var setCount = 0

  /// An empty builder with room for `capacity` bits.
  public init(capacity: Int = 0) {
    words = BufferBuilder(capacity: (capacity + 63) / 64)
  }

  /// Appends one bit.
  public mutating func append(_ bit: Bool) {
    append(word: bit ? 1 : 0, count: 1)
  }

  /// Appends one bit, `count` times.
  public mutating func append(repeating bit: Bool, count more: Int) {
    precondition(more >= 0, "\(more) bits")
    var left = more
    while left > 0 {
      let step = min(left, 64)
      append(word: bit ? .max : 0, count: step)
      left -= step
    }
  }

  /// Appends the lowest `more` bits of `word`, the lowest first.
  public mutating func append(word: UInt64, count more: Int) {
    precondition(more >= 0 && more <= 64, "\(more) bits of a word")
    let bits = more == 64 ? word : word & (1 &<< UInt64(more) &- 1)
    let filled = count % 64
    pending |= bits &<< UInt64(filled)
    if filled + more >= 64 {
      words.append(pending)
      pending = filled == 0 ? 0 : bits &>> UInt64(64 - filled)
    }
    count += more
    setCount += bits.nonzeroBitCount
  }

  /// Appends the bits of `bitmap`.
  public mutating func append(contentsOf bitmap: Bitmap) {
    for index in 0..<bitmap.wordCount {
      append(word: bitmap.word(index), count: min(64, bitmap.count - index * 64))
    }
  }

  /// The bits.
  public consuming func finish() -> Bitmap {
    if count % 64 > 0 { words.append(pending) }
    let count = count
    return Bitmap(words: words.finish(), count: count)
  }

  /// The bits as the validity of a column: `nil` when all are set.
  public consuming func finishAsValidity() -> Bitmap? {
    setCount == count ? nil : finish()
  }
}
