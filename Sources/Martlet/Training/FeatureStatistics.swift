public import MartletAggregates
public import MartletColumns
public import MartletEngine
public import MartletPlan
import Synchronization

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
  public init(_ name: String, _ column: Column, statuses: AnswerStatuses) {
    self.name = name
    self.statuses = statuses.counts()
    (least, greatest) = column.extremes
    mean = column.mean
    distinct = column.countDistinct()
  }

  /// Looks at the values of all outputs of `service`.
  ///
  /// - Parameter forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as
  ///   there are.
  public static func all(
    of service: ServicePlan, _ answers: ServiceAnswers,
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) -> [FeatureStatistics] {
    let found = Mutex([FeatureStatistics?](repeating: nil, count: service.outputs.count))
    forEach(service.outputs.count) { place in
      let statistics = FeatureStatistics(
        service.outputs[place].name, answers.columns[place], statuses: answers.statuses[place])
      found.withLock { $0[place] = statistics }
    }
    return found.withLock { $0.compactMap { $0 } }
  }
}

extension Column {
  /// Calls `body` with each stretch of rows without nulls.
  private func forEachStretch(_ body: (Range<Int>) -> Void) {
    guard let validity else { return count > 0 ? body(0..<count) : () }
    validity.forEachRun(body)
  }

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
      var (least, greatest) = (Double.infinity, -Double.infinity)
      var isAny = false
      numbers.withUnsafeBufferPointer { numbers in
        forEachStretch { rows in
          for row in rows where !numbers[row].isNaN {
            isAny = true
            least = Swift.min(least, numbers[row])
            greatest = Swift.max(greatest, numbers[row])
          }
        }
      }
      return isAny ? (.double(least), .double(greatest)) : (nil, nil)
    default: return (nil, nil)
    }
  }

  private func extremes(_ numbers: Buffer<Int64>) -> (least: Int64?, greatest: Int64?) {
    var (least, greatest) = (Int64.max, Int64.min)
    numbers.withUnsafeBufferPointer { numbers in
      forEachStretch { rows in
        for row in rows {
          least = Swift.min(least, numbers[row])
          greatest = Swift.max(greatest, numbers[row])
        }
      }
    }
    return least <= greatest ? (least, greatest) : (nil, nil)
  }

  fileprivate var mean: Double? {
    let valueCount = count - countNulls()
    guard valueCount > 0 else { return nil }
    switch values {
    case .int(let numbers):
      var sum: Int128 = 0
      numbers.withUnsafeBufferPointer { numbers in
        forEachStretch { rows in for row in rows { sum += Int128(numbers[row]) } }
      }
      return Double(sum) / Double(valueCount)
    case .double(let numbers):
      let average = DoubleSum(.average)
      var state = average.empty
      forEachStretch { rows in
        let stretch = numbers.slice(rows)
        average.add(stretch.span, to: &state)
      }
      return average.value(of: state)
    case .bool(let flags):
      var trueCount = 0
      forEachStretch { rows in for row in rows where flags[row] { trueCount += 1 } }
      return Double(trueCount) / Double(valueCount)
    default: return nil
    }
  }
}
