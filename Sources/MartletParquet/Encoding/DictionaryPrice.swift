/// When a dictionary stops to pay.
///
/// It is asked while the dictionary grows, so that one which will not pay is given up early.
struct DictionaryPrice {
  /// How many values the column chunk has.
  var valueCount: Int

  /// The bits that a distinct value takes in the dictionary.
  var bitsPerEntry: Double

  /// The bits that a value takes in the best encoding without a dictionary.
  var rivalBits: Double

  /// The most bytes of a dictionary: readers hold it while they read the chunk.
  static let mostBytes = 1 << 20

  /// How many values are read between one question and the next.
  static let step = 1 << 14

  /// Whether to go on after `distinct` different ones among the first `seen` values.
  func pays(distinct: Int, seen: Int) -> Bool {
    // Where nine of ten are new, hardly any will repeat; a chunk twenty times as long may tell.
    if distinct * 10 > seen * 9, seen * 20 > valueCount, seen >= Self.step { return false }
    guard Double(distinct) * bitsPerEntry < Double(Self.mostBytes * 8) else { return false }
    let codeBits = Double(BitPacking.width(of: UInt64(max(distinct, 1) - 1)))
    let cost = codeBits + bitsPerEntry * Double(distinct) / Double(max(valueCount, 1))
    return cost < rivalBits
  }
}
