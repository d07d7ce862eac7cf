public import MartletAggregates
public import MartletColumns

/// The status of each answer of one output, worked out when it is asked for.
public struct AnswerStatuses: RandomAccessCollection, Sendable {
  private let validity: Bitmap?
  private let holds: [ValueStatus]?

  public let endIndex: Int
  public var startIndex: Int { 0 }

  /// The statuses of the answers in `column` where `holds` says whether there is something to tell.
  public init(_ column: Column, _ holds: [ValueStatus]) {
    validity = column.validity
    self.holds = holds
    endIndex = column.count
  }

  /// The statuses of what is worked out: there is a value or a null.
  public init(computed column: Column) {
    validity = column.validity
    holds = nil
    endIndex = column.count
  }

  public subscript(row: Int) -> ValueStatus {
    let status = holds?[row] ?? .present
    guard status == .present, let validity else { return status }
    return validity[row] ? .present : .null
  }

  /// All of them, without a copy where they are the same for every output of a set.
  public var all: [ValueStatus] {
    if validity == nil, let holds { return holds }
    return Array(self)
  }

  /// How many answers have each status.
  public func counts() -> [ValueStatus: Int] {
    var counts = [Int](repeating: 0, count: ValueStatus.allCases.count)
    if let holds {
      for (status, count) in zip(ValueStatus.allCases, holds.countsOfEach()) {
        counts[Int(status.rawValue)] = count
      }
    } else {
      counts[Int(ValueStatus.present.rawValue)] = count
    }
    if let validity {
      // Where there is nothing to tell it does not matter whether the value is null: counts are 0 there.
      let nulls =
        holds.map { $0.count(presentOutside: validity) } ?? count - validity.countSetBits()
      counts[Int(ValueStatus.null.rawValue)] += nulls
      counts[Int(ValueStatus.present.rawValue)] -= nulls
    }
    return Dictionary(
      uniqueKeysWithValues: ValueStatus.allCases.map { ($0, counts[Int($0.rawValue)]) })
  }
}

extension [ValueStatus] {
  /// How many are of each status, in the order of all cases.
  ///
  /// It runs over each feature's rows, so eight are looked at in one step: bytes of a word add up side by
  /// side until one could overflow.
  ///
  ///     status     0 1 2 3        low bit   0 1 0 1        high bit   0 0 1 1
  ///     both bits  3 alone        low alone 1              high alone 2
  fileprivate func countsOfEach() -> [Int] {
    var (low, high, both) = (0, 0, 0)
    withUnsafeBytes { bytes in
      let ones: UInt64 = 0x0101_0101_0101_0101
      var at = 0
      while at &+ 8 <= bytes.count {
        let end = Swift.min(at &+ 8 &* 255, bytes.count &- 7)
        var sums: (UInt64, UInt64, UInt64) = (0, 0, 0)
        while at < end {
          let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
          sums.0 &+= word & ones
          sums.1 &+= word &>> 1 & ones
          sums.2 &+= word & word &>> 1 & ones
          at &+= 8
        }
        low &+= sums.0.sumOfBytes
        high &+= sums.1.sumOfBytes
        both &+= sums.2.sumOfBytes
      }
      for byte in bytes[at...] {
        low &+= Int(byte & 1)
        high &+= Int(byte &>> 1 & 1)
        both &+= Int(byte & byte &>> 1 & 1)
      }
    }
    return [count - low - high + both, low - both, high - both, both]
  }

  /// How many are `present` in rows whose bit is clear.
  fileprivate func count(presentOutside validity: Bitmap) -> Int {
    let present = ValueStatus.present.byte
    return withUnsafeBytes { bytes in
      var count = 0
      for index in 0..<validity.wordCount {
        var clear = ~validity.word(index)
        if bytes.count &- index &* 64 < 64 { clear &= 1 &<< UInt64(bytes.count & 63) &- 1 }
        while clear != 0 {
          let row = index &* 64 &+ clear.trailingZeroBitCount
          count &+= bytes[row] == present ? 1 : 0
          clear &= clear &- 1
        }
      }
      return count
    }
  }
}

extension UInt64 {
  /// The sum of its eight bytes.
  fileprivate var sumOfBytes: Int {
    var sum = 0
    for byte in 0..<8 { sum &+= Int(self &>> UInt64(8 &* byte) & 0xff) }
    return sum
  }
}

extension ValueStatus {
  /// How it lies in memory.
  fileprivate var byte: UInt8 { Swift.withUnsafeBytes(of: self) { $0[0] } }
}

extension AnswerStatuses: Equatable {
  public static func == (one: AnswerStatuses, other: AnswerStatuses) -> Bool {
    one.elementsEqual(other)
  }
}
