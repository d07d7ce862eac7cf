/// HyperLogLog's registers: for each of 4,096 parts of all hashes, the longest run of zeros seen.
///
///     hash   │ 12 bits: which register │ 52 bits: zeros, then a one, … │
///
/// A register holds the zeros plus one, at most 53, and 0 when nothing fell into its part.
public struct DistinctRegisters: Sendable, Equatable {
  static let count = 4096
  static let indexBits: UInt64 = 12
  static let restBits = 52

  private var registers = [UInt8](repeating: 0, count: count)

  private init() {}

  /// The registers of `hashes`.
  init(of hashes: [UInt64]) {
    for hash in hashes { add(hash) }
  }

  mutating func add(_ hash: UInt64) {
    let index = Int(truncatingIfNeeded: hash &>> UInt64(Self.restBits))
    let rest = hash &<< Self.indexBits
    let run = UInt8(truncatingIfNeeded: min(rest.leadingZeroBitCount, Self.restBits) + 1)
    if registers[index] < run { registers[index] = run }
  }

  mutating func merge(_ other: DistinctRegisters) {
    for index in 0..<Self.count {
      registers[index] = max(registers[index], other.registers[index])
    }
  }

  /// Ertl's estimate from how many registers hold each run, without bias and without tables.
  ///
  /// It needs only sums, products and square roots, which every machine rounds alike.
  /// (Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017.)
  var estimate: Double {
    var counts = [Double](repeating: 0, count: Self.restBits + 2)
    for register in registers { counts[Int(register)] += 1 }
    let count = Double(Self.count)
    var sum = count * Self.tau(1 - counts[Self.restBits + 1] / count)
    for run in stride(from: Self.restBits, to: 0, by: -1) { sum = 0.5 * (sum + counts[run]) }
    sum += count * Self.sigma(counts[0] / count)
    let halfOfLog2 = 0.721_347_520_444_481_7  // 1 / (2 ln 2)
    return halfOfLog2 * count * count / sum
  }

  /// What the empty registers weigh: x + Σ x^(2^k) · 2^(k−1).
  private static func sigma(_ share: Double) -> Double {
    var power = share
    var weight = 1.0
    var sum = share
    while true {
      power *= power
      let next = sum + power * weight
      if next == sum || !next.isFinite { return next }
      sum = next
      weight += weight
    }
  }

  /// What the full registers weigh: ⅓ · (1 − x − Σ (1 − x^(2^−k))² · 2^−k).
  private static func tau(_ share: Double) -> Double {
    if share == 0 || share == 1 { return 0 }
    var root = share
    var weight = 1.0
    var sum = 1 - share
    while true {
      root = root.squareRoot()
      weight *= 0.5
      let next = sum - (1 - root) * (1 - root) * weight
      if next == sum { return next / 3 }
      sum = next
    }
  }
}

extension DistinctRegisters {
  /// Four registers in three bytes.
  func write(to writer: inout StateWriter) {
    for first in stride(from: 0, to: Self.count, by: 4) {
      var bits: UInt32 = 0
      for index in 0..<4 { bits |= UInt32(registers[first + index]) &<< UInt32(6 * index) }
      for shift in [UInt32(0), 8, 16] {
        writer.write(byte: UInt8(truncatingIfNeeded: bits &>> shift))
      }
    }
  }

  static func read(from reader: inout StateReader) throws(StateError) -> DistinctRegisters {
    var read = DistinctRegisters()
    for first in stride(from: 0, to: count, by: 4) {
      var bits: UInt32 = 0
      for shift in [UInt32(0), 8, 16] { bits |= UInt32(try reader.readByte("registers")) &<< shift }
      for index in 0..<4 {
        let register = UInt8(bits &>> UInt32(6 * index) & 63)
        guard register <= restBits + 1 else { throw StateError("registers", .outOfRange) }
        read.registers[first + index] = register
      }
    }
    guard read.registers.contains(where: { $0 > 0 }) else {
      throw StateError("registers", .notCanonical)
    }
    return read
  }
}
