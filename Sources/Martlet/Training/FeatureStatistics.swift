public import MartletAggregates
public import MartletColumns

/// What the values of one feature in a training set look like.
public struct FeatureStatistics: Sendable, Equatable {
  /// The feature's column.
  public let name: String

  /// How many values have each status.
  public let statuses: [ValueStatus: Int]

  /// The least and the greatest value, of numbers and times; `nil` where there is none.
  public let least: Value?
  public let greatest: Value?

  /// The mean of numbers, as near to the true one as a double is; of flags, the share that is true.
  public let mean: Double?

  /// How many different values there are; `nil` of lists and vectors.
  public let distinct: Int?

  /// Looks at the values of `column`, which have `statuses`.
  public init(_ name: String, _ column: Column, statuses: [ValueStatus]) {
    self.name = name
    var counts = [Int](repeating: 0, count: ValueStatus.allCases.count)
    for status in statuses { counts[Int(status.rawValue)] += 1 }
    self.statuses = Dictionary(
      uniqueKeysWithValues: ValueStatus.allCases.map { ($0, counts[Int($0.rawValue)]) })
    (least, greatest) = column.extremes
    mean = column.mean
    if column.type.canBeKey {
      var groups = Grouper([column.type])
      _ = groups.groups(of: [column])
      distinct = groups.count - (column.countNulls() > 0 ? 1 : 0)
    } else {
      distinct = nil
    }
  }
}

extension Column {
  /// The rows that are not null.
  private var validRows: some Sequence<Int> { (0..<count).lazy.filter { !self.isNull(at: $0) } }

  fileprivate var extremes: (least: Value?, greatest: Value?) {
    switch values {
    case .int(let numbers):
      let (least, greatest) = extremes(numbers)
      return (least.map { .int($0) }, greatest.map { .int($0) })
    case .time(let instants):
      let (least, greatest) = extremes(instants)
      return (
        least.map { .time(Instant(microseconds: $0)) },
        greatest.map { .time(Instant(microseconds: $0)) }
      )
    case .double(let numbers):
      // A NaN is neither: beside it the others still have a least and a greatest.
      var (least, greatest): (Double?, Double?)
      for row in validRows where !numbers[row].isNaN {
        least = Swift.min(least ?? numbers[row], numbers[row])
        greatest = Swift.max(greatest ?? numbers[row], numbers[row])
      }
      return (least.map { .double($0) }, greatest.map { .double($0) })
    default: return (nil, nil)
    }
  }

  private func extremes(_ numbers: Buffer<Int64>) -> (least: Int64?, greatest: Int64?) {
    var (least, greatest): (Int64?, Int64?)
    for row in validRows {
      least = Swift.min(least ?? numbers[row], numbers[row])
      greatest = Swift.max(greatest ?? numbers[row], numbers[row])
    }
    return (least, greatest)
  }

  fileprivate var mean: Double? {
    let valueCount = count - countNulls()
    guard valueCount > 0 else { return nil }
    switch values {
    case .int(let numbers):
      var sum: Int128 = 0
      for row in validRows { sum += Int128(numbers[row]) }
      return Double(sum) / Double(valueCount)
    case .double(let numbers):
      let average = DoubleSum(.average)
      var state = average.empty
      for row in validRows { average.add(numbers[row], to: &state) }
      return average.value(of: state)
    case .bool(let flags):
      return Double(validRows.count { flags[$0] }) / Double(valueCount)
    default: return nil
    }
  }
}
