/// The same random data on every machine, for ever: SplitMix64 from a seed.
public struct Draw: RandomNumberGenerator {
  private var state: UInt64

  /// Starts the sequence that belongs to `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// A whole number from 0 up to but not including `bound`.
  public mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A double in 0..<1.
  public mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Doubles in 0..<1.
  public mutating func doubles(_ count: Int) -> [Double] {
    (0..<count).map { _ in fraction() }
  }

  /// Integers in 0..<`bound`, each as likely as the others.
  public mutating func ints(_ count: Int, below bound: Int) -> [Int64] {
    (0..<count).map { _ in Int64(below(bound)) }
  }

  /// Integers in 0..<`bound`, small ones far more often: most entities are quiet, a few are not.
  public mutating func skewedInts(_ count: Int, below bound: Int) -> [Int64] {
    (0..<count).map { _ in
      let u = fraction()
      return Int64(Double(bound) * u * u * u)
    }
  }

  /// The numbers 0..<`count` in random order.
  public mutating func permutation(_ count: Int) -> [Int32] {
    var rows = (0..<count).map { Int32($0) }
    for row in rows.indices.dropFirst() { rows.swapAt(row, below(row + 1)) }
    return rows
  }
}
