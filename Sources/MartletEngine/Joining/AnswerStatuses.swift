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
      for status in ValueStatus.allCases { counts[Int(status.rawValue)] = holds.count(of: status) }
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
  /// How many are `wanted`; a loop without a branch, since it runs over each feature's rows.
  fileprivate func count(of wanted: ValueStatus) -> Int {
    let wanted = wanted.byte
    return withUnsafeBytes { bytes in
      var count = 0
      for byte in bytes { count &+= byte == wanted ? 1 : 0 }
      return count
    }
  }

  /// How many are `present` in rows whose bit is clear.
  fileprivate func count(presentOutside validity: Bitmap) -> Int {
    let present = ValueStatus.present.byte
    return withUnsafeBytes { bytes in
      var count = 0
      for index in 0..<validity.wordCount {
        let rows = index * 64..<Swift.min(index * 64 + 64, bytes.count)
        let clear = ~validity.word(index)
        guard clear != 0 else { continue }
        for row in rows {
          let isClear = clear &>> UInt64(row & 63) & 1
          count &+= bytes[row] == present ? Int(isClear) : 0
        }
      }
      return count
    }
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
