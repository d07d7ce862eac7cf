/// One number for a whole answer, in its order.
public struct Checksum {
  private var sum: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The sum of nothing.
  public init() {}

  /// Takes in the next integer.
  public mutating func add(_ value: some FixedWidthInteger) {
    mix(UInt64(truncatingIfNeeded: value))
  }

  /// Takes in the next double by its bits, so that -0.0 is not 0.0.
  public mutating func add(_ value: Double) { mix(value.bitPattern) }

  /// Takes in text, by its bytes and their count.
  public mutating func add(_ text: String) {
    for byte in text.utf8 { mix(UInt64(byte)) }
    mix(UInt64(text.utf8.count))
  }

  /// The number.
  public var value: UInt64 { sum }

  private mutating func mix(_ word: UInt64) {
    sum = (sum ^ word) &* 0x0000_0100_0000_01b3
    sum ^= sum >> 29
  }

  /// The sum of all `values`.
  public static func of(_ values: some Sequence<Double>) -> UInt64 {
    var sum = Checksum()
    for value in values { sum.add(value) }
    return sum.value
  }

  /// The sum of all `values`.
  public static func of(_ values: some Sequence<some FixedWidthInteger>) -> UInt64 {
    var sum = Checksum()
    for value in values { sum.add(value) }
    return sum.value
  }
}
