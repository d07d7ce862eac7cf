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

  /// How many answers have each status.
  public func counts() -> [ValueStatus: Int] {
    var counts = [Int](repeating: 0, count: ValueStatus.allCases.count)
    if let holds {
      for status in holds { counts[Int(status.rawValue)] += 1 }
    } else {
      counts[Int(ValueStatus.present.rawValue)] = count
    }
    if let validity {
      // Where there is nothing to tell it does not matter whether the value is null: counts are 0 there.
      let nulls =
        holds.map { holds in holds.indices.count { holds[$0] == .present && !validity[$0] } }
        ?? count - validity.countSetBits()
      counts[Int(ValueStatus.null.rawValue)] += nulls
      counts[Int(ValueStatus.present.rawValue)] -= nulls
    }
    return Dictionary(
      uniqueKeysWithValues: ValueStatus.allCases.map { ($0, counts[Int($0.rawValue)]) })
  }
}

extension AnswerStatuses: Equatable {
  public static func == (one: AnswerStatuses, other: AnswerStatuses) -> Bool {
    one.elementsEqual(other)
  }
}
